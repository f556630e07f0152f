CREATE FUNCTION df.fork(instance_id text, from_node text, version integer DEFAULT NULL, label text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_variable
DECLARE
    v_source df.submissions;
    v_graph  text;
    v_node   integer;
    v_id     text;
BEGIN
    IF instance_id IS NULL OR from_node IS NULL THEN
        RAISE EXCEPTION 'df.fork needs an instance and the step to continue from' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    SELECT * INTO v_source FROM df.submissions s WHERE s.instance_no = df._instance_no(instance_id);
    SELECT g.graph INTO v_graph FROM df.graphs g WHERE g.graph_id = v_source.graph_id;
    v_node := df._node_named(v_graph, from_node);
    IF version IS NOT NULL THEN
        IF v_source.workflow IS NULL THEN
            RAISE EXCEPTION 'instance % runs no registered workflow, so there is no version % of it', instance_id, version
                USING ERRCODE = 'DF014', HINT = 'Without a version, a fork runs the same graph.';
        END IF;
        v_source.graph_id := (df._workflow(quote_ident(current_user)::regrole, v_source.workflow, version)).graph_id;
        v_source.workflow_version := version;
    END IF;
    LOOP
        -- The only conflict is one of the id, which is drawn.
        INSERT INTO df.submissions AS s (label, graph_id, input, database, vars, workflow, workflow_version, forked_from, forked_node)
        VALUES (COALESCE(label, v_source.label), v_source.graph_id, v_source.input, v_source.database, v_source.vars, v_source.workflow,
                v_source.workflow_version, v_source.id, v_node)
        ON CONFLICT DO NOTHING
        RETURNING s.id INTO v_id;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION df.fork(text, text, integer, text) IS
    'Starts a new instance that has the results of another one''s steps before from_node, and continues from there: with the same graph, '
    'or with that of another version of the workflow, which must be the same up to there. from_node is a step as df.explain or df.history '
    'shows it, or the id of a node in df.nodes. Runs as the caller, whose instance it must be, and leaves that one as it is.';
