CREATE FUNCTION df.register_workflow(name text, graph text, version integer DEFAULT NULL, description text DEFAULT NULL,
                                     sources text[] DEFAULT NULL, replace boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role     regrole := quote_ident(current_user)::regrole;
    v_graph    text;
    v_version  integer;
    v_graph_id bigint;
    v_other_id bigint;
    v_moved    boolean;
BEGIN
    IF COALESCE(name, '') = '' THEN
        RAISE EXCEPTION 'Workflow name cannot be empty' USING ERRCODE = 'invalid_parameter_value';
    ELSIF version < 1 THEN
        RAISE EXCEPTION 'Workflow version must be at least 1' USING ERRCODE = 'invalid_parameter_value';
    ELSIF replace AND version IS NULL THEN
        RAISE EXCEPTION 'replace needs a version' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Without a version, a changed graph becomes the next one and replaces nothing.';
    END IF;
    v_graph := df._as_node(register_workflow.graph, p_strict => true);

    FOR i IN 1 .. 100 LOOP
        -- The same content is the same version, whichever that is: migrations run again and again.
        SELECT w.version, g.graph_id, g.sources IS DISTINCT FROM register_workflow.sources INTO v_version, v_graph_id, v_moved
          FROM df.registrations w JOIN df.graphs g ON g.graph_id = w.graph_id
         WHERE w.owner = v_role AND w.workflow = name AND g.graph = v_graph AND w.version = COALESCE(register_workflow.version, w.version)
         ORDER BY w.version DESC
         LIMIT 1;
        IF FOUND THEN
            IF v_moved AND sources IS NOT NULL THEN
                PERFORM df._renew_sources(v_graph_id, sources);
            END IF;
            RETURN v_version;
        END IF;
        -- If the graph here is the same, somebody else has registered it since the statement above: look again.
        SELECT w.graph_id INTO v_other_id
          FROM df.registrations w JOIN df.graphs g ON g.graph_id = w.graph_id
         WHERE w.owner = v_role AND w.workflow = name AND w.version = register_workflow.version AND g.graph <> v_graph;
        IF FOUND AND replace THEN
            -- A new row, so that its defaults tell who replaced it and when. Nobody may write these columns.
            UPDATE df.registrations w SET removed = true
             WHERE w.owner = v_role AND w.workflow = name AND w.version = register_workflow.version AND w.graph_id = v_other_id;
        ELSIF FOUND THEN
            RAISE EXCEPTION 'version % of workflow "%" is registered with another graph', version, name
                USING ERRCODE = 'duplicate_object',
                      DETAIL = (SELECT format('Registered at %s by %s with content hash %s; the new graph''s is %s.',
                                              date_trunc('second', v.registered_at), v.registered_by, left(v.content_hash, 12),
                                              left(encode(sha256(convert_to(v_graph, 'UTF8')), 'hex'), 12))
                                  FROM df.workflow_versions v
                                 WHERE v.owner = v_role AND v.workflow = name AND v.version = register_workflow.version),
                      HINT = 'Register the new graph without a version, or with the next one. While you develop a version, replace => true '
                             'replaces it.';
        END IF;
        -- The same graph must still be missing in the snapshot that gives the next number.
        INSERT INTO df.registrations AS n (workflow, version, graph_id, description)
        SELECT name, COALESCE(register_workflow.version, max(w.version) + 1, 1), df._store_graph(v_graph, sources),
               register_workflow.description
          FROM df.registrations w WHERE w.owner = v_role AND w.workflow = name
        HAVING NOT EXISTS (SELECT FROM df.registrations o JOIN df.graphs g ON g.graph_id = o.graph_id
                            WHERE o.owner = v_role AND o.workflow = name AND g.graph = v_graph
                                AND o.version = COALESCE(register_workflow.version, o.version))
        ON CONFLICT DO NOTHING
        RETURNING n.version INTO v_version;
        IF FOUND THEN
            RETURN v_version;
        END IF;
        -- Somebody else registered the same name at the same moment: look again.
    END LOOP;
    RAISE EXCEPTION 'workflow "%" is being registered by other sessions', name USING ERRCODE = 'serialization_failure', HINT = 'Try again.';
END
$function$;
COMMENT ON FUNCTION df.register_workflow(text, text, integer, text, text[], boolean) IS
    'Registers a graph under a name and returns its version. The same graph again is the same version; another graph becomes the next '
    'version, which is then the default. A version never changes, unless replace is true: then the graph given replaces that of the '
    'version given, and instances that have started keep theirs. sources says where each node was written, for error messages.';
