-- The row passed row security, so the caller owns the instance, and the version is one of the same role.
--
-- A worker keeps the graph of what it has in hand, and no other. So an instance is moved only while no worker has it, under the lock of its
-- row in the queue: a claim passes over it, and the next one reads the new graph together with what was recorded.
CREATE FUNCTION df._moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_move         record;
    v_counterparts integer[];
BEGIN
    PERFORM FROM df.queue q WHERE q.instance_no = NEW.instance_no FOR UPDATE SKIP LOCKED;
    IF NOT FOUND AND EXISTS (SELECT FROM df.queue q WHERE q.instance_no = NEW.instance_no) THEN
        RAISE EXCEPTION 'a worker or another session has it in hand: try again' USING ERRCODE = 'DF024';
    END IF;
    SELECT s.id, s.workflow, s.workflow_version, s.submitted_by, o.graph AS old_graph, w.graph_id, g.graph INTO v_move
      FROM df.submissions s
      JOIN df.graphs o ON o.graph_id = s.graph_id
      JOIN df.registrations w ON w.owner = s.submitted_by AND w.workflow = s.workflow AND w.version = NEW.version
      JOIN df.graphs g ON g.graph_id = w.graph_id AND g.owner = s.submitted_by
     WHERE s.instance_no = NEW.instance_no;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the instance''s workflow has no version %', NEW.version USING ERRCODE = 'DF014';
    END IF;
    v_counterparts := df._check_move(NEW.instance_no, v_move.graph);
    IF v_counterparts IS NOT NULL THEN
        PERFORM df._move_records(NEW.instance_no, v_move.old_graph, v_move.graph, v_counterparts);
    END IF;
    UPDATE df.submissions s SET graph_id = v_move.graph_id, workflow_version = NEW.version WHERE s.instance_no = NEW.instance_no;
    -- It may wait for something else now, and what it waits for may have another number.
    UPDATE df.queue q SET waits = NULL, due_at = CASE WHEN q.started_at IS NULL THEN q.due_at ELSE '-infinity' END
     WHERE q.instance_no = NEW.instance_no;
    INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
    VALUES (NEW.requested_by, v_move.submitted_by, 'move', v_move.id, v_move.workflow,
            format('version %s to %s', v_move.workflow_version, NEW.version));
    DELETE FROM df.moves m WHERE m.instance_no = NEW.instance_no;
    PERFORM df._tell_workers('wake');
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._moved() IS 'Internal: moves an instance to another version of its workflow.';
-- Not for rows that come from a dump.
CREATE TRIGGER moved AFTER INSERT ON df.moves FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._moved();
