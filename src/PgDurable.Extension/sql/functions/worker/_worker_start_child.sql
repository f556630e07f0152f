CREATE FUNCTION df._worker_start_child(p_worker integer, p_instance bigint, p_node integer, p_path text, p_workflow text,
                                       p_version integer, p_input json)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_parent   df.submissions;
    v_workflow df.registrations;
    v_child    bigint;
    v_id       text;
    v_depth    integer;
    v_limit    bigint;
    v_problem  text;
BEGIN
    PERFORM df._require_worker();
    -- The lock keeps out a cancellation, which would overlook a child that does not exist yet.
    PERFORM FROM df.queue q WHERE q.instance_no = p_instance AND q.worker_id = p_worker FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    SELECT s.instance_no, s.id INTO v_child, v_id
      FROM df.submissions s WHERE s.parent_no = p_instance AND s.parent_node = p_node AND s.parent_path = p_path;
    IF FOUND THEN
        PERFORM df._retry_child(v_child, p_instance);
        RETURN v_id;
    END IF;

    SELECT * INTO v_parent FROM df.submissions s WHERE s.instance_no = p_instance;
    -- As for any other start: the right may have been revoked since the parent was started.
    v_problem := df._start_problem(v_parent.submitted_by);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'DF011';
    END IF;
    -- Each level costs a row, so an endless chain of calls ends here.
    v_limit := df._limit(v_parent.submitted_by, 'call_depth');
    WITH RECURSIVE above AS (
        SELECT v_parent.parent_no AS instance_no, 1 AS depth WHERE v_parent.parent_no IS NOT NULL
        UNION ALL
        SELECT (SELECT s.parent_no FROM df.submissions s WHERE s.instance_no = a.instance_no), a.depth + 1
          FROM above a WHERE a.instance_no IS NOT NULL AND a.depth <= v_limit
    )
    SELECT count(*) INTO v_depth FROM above a WHERE a.instance_no IS NOT NULL;
    IF v_depth >= v_limit THEN
        RAISE EXCEPTION 'limit exceeded: workflows call each other more than % levels deep (call_depth of role %)',
                        v_limit, v_parent.submitted_by
            USING ERRCODE = 'DF020',
                  HINT = 'Check whether workflow "' || p_workflow || '" calls itself endlessly. '
                         'A superuser can raise the limit: df.set_limit(role, ''call_depth'', value).';
    END IF;
    v_workflow := df._workflow(v_parent.submitted_by, p_workflow, p_version);
    LOOP
        INSERT INTO df.submissions AS s (id, graph_id, submitted_by, input, workflow, workflow_version, vars, database, parent_no,
                                          parent_node, parent_path, traceparent)
        VALUES (right(gen_random_uuid()::text, 8), v_workflow.graph_id, v_parent.submitted_by, p_input, v_workflow.workflow,
                v_workflow.version,
                v_parent.vars, v_parent.database, p_instance, p_node, p_path, v_parent.traceparent)
        ON CONFLICT DO NOTHING
        RETURNING s.id INTO v_id;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION df._worker_start_child(integer, bigint, integer, text, text, integer, json) IS
    'Internal: starts the child of one execution of df.call in the name of the parent''s role, or finds the one that already exists, and '
    'returns its id. NULL if the worker does not hold the parent or its row is locked.';
