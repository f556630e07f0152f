-- The row passed row security: the role that it names has written it, and only an instance of the same role can be its source, whatever
-- else that role may see. So no role gets another's results, and none runs another's graph.
CREATE FUNCTION df._forked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source  record;
    v_problem text;
BEGIN
    SELECT s.*, COALESCE(q.started_at, o.started_at) AS started_at, g.graph AS new_graph
      INTO v_source
      FROM df.submissions s
      LEFT JOIN df.queue q ON q.instance_no = s.instance_no
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.graphs g ON g.graph_id = NEW.graph_id AND g.owner = NEW.submitted_by
     WHERE s.id = NEW.forked_from AND s.submitted_by = NEW.submitted_by;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Instance not found or access denied: %', NEW.forked_from
            USING ERRCODE = 'DF002', HINT = 'Only the role that an instance runs as can fork it: SET ROLE to it first.';
    ELSIF (NEW.input, NEW.vars::text, NEW.database, NEW.workflow)
        IS DISTINCT FROM (v_source.input, v_source.vars::text, v_source.database, v_source.workflow)
    THEN
        RAISE EXCEPTION 'a fork has the workflow, input, variables and database of its source' USING ERRCODE = 'DF024';
    END IF;
    v_problem := df._start_problem(NEW.submitted_by);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'DF011';
    END IF;
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns, error)
    SELECT NEW.instance_no, c.started_at, c.finished_at, c.node, c.attempt, c.worker_id, c.seq, c.path, c.result, c.columns, c.error
      FROM df._fork_rows(v_source.instance_no, NEW.forked_node, v_source.new_graph) c;
    -- The time of the source, so that what ran before ran after it.
    UPDATE df.queue q SET started_at = v_source.started_at WHERE q.instance_no = NEW.instance_no;
    INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
    VALUES (NEW.submitted_by, NEW.submitted_by, 'fork', NEW.id, NEW.workflow,
            format('from %s, node %s', NEW.forked_from, df._node_id(NEW.forked_node)));
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._forked() IS 'Internal: gives a fork what its source did before the node that it continues from.';
-- By its name after the one that puts it into the queue. Not for rows that come from a dump.
CREATE TRIGGER submitted_fork AFTER INSERT ON df.submissions FOR EACH ROW
    WHEN (NEW.forked_from IS NOT NULL AND NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._forked();
