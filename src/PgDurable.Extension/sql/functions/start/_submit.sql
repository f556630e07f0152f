-- The graph is that of the registered workflow, or else p_graph. A single function, because it runs at every start, and each call of
-- another function with its own search_path costs about as much as a lookup.
CREATE FUNCTION df._submit(p_workflow text, p_version integer, p_graph text, p_label text, p_database text, p_input jsonb,
                           p_idempotency_key text,
                           p_start_at timestamptz, p_sources text[]) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role      regrole;
    v_superuser boolean;
    v_graph_id  bigint;
    v_version   integer;
    v_vars      json;
    v_id        text;
    v_moved     boolean;
BEGIN
    SELECT r.oid::regrole, r.rolsuper,
           (SELECT json_object_agg(v.name, v.value) FROM df.vars v WHERE v.owner = r.oid AND v.value IS NOT NULL)
      INTO v_role, v_superuser, v_vars
      FROM pg_roles r WHERE r.rolname = current_user;
    IF v_superuser AND NOT COALESCE(current_setting('pg_durable.enable_superuser_instances', true), 'off')::boolean THEN
        RAISE EXCEPTION 'pg_durable: superuser instances are disabled. current_user "%" is a superuser, but '
                        'pg_durable.enable_superuser_instances is off. Set pg_durable.enable_superuser_instances = on to allow this.',
                        current_user
            USING ERRCODE = 'DF011',
                  HINT = 'It is safer to SET ROLE to an ordinary role that was granted the rights with df.grant_usage().';
    ELSIF GREATEST(pg_column_size(p_input), pg_column_size(v_vars)) > 16777216 THEN
        RAISE EXCEPTION 'the input of the instance or the variables of role % exceed 16 MB', v_role
            USING ERRCODE = 'program_limit_exceeded', HINT = 'Keep the data in a table and pass its key.';
    ELSIF NOT isfinite(p_start_at) THEN
        RAISE EXCEPTION 'start_at must be a finite time, not %', p_start_at USING ERRCODE = 'invalid_parameter_value';
    END IF;

    IF p_workflow IS NOT NULL THEN
        SELECT w.graph_id, w.version INTO v_graph_id, v_version FROM df._workflow(v_role, p_workflow, p_version) w;
    ELSE
        -- A graph that this role has started before is already stored, and known to be valid.
        SELECT g.graph_id, g.sources IS DISTINCT FROM p_sources INTO v_graph_id, v_moved
          FROM df.graphs g
         WHERE g.owner = v_role AND g.hash = hashtextextended(p_graph, 0) AND g.graph = p_graph
             AND g.unused_at IS NULL
         LIMIT 1;
        IF NOT FOUND THEN
            v_graph_id := df._store_graph(p_graph, p_sources);
        ELSIF v_moved AND p_sources IS NOT NULL THEN
            PERFORM df._renew_sources(v_graph_id, p_sources);
        END IF;
    END IF;

    FOR i IN 1 .. 10 LOOP
        INSERT INTO df.submissions AS s (label, graph_id, input, idempotency_key, start_at, database, vars, workflow, workflow_version)
        VALUES (p_label, v_graph_id, p_input, p_idempotency_key, p_start_at,
                p_database, v_vars, p_workflow, v_version)
        ON CONFLICT DO NOTHING
        RETURNING s.id INTO v_id;
        IF FOUND THEN
            RETURN v_id;
        END IF;
        -- Somebody else was faster: with this key (then return that instance), or with this id (then try another id).
        SELECT s.id INTO v_id FROM df.submissions s WHERE s.submitted_by = v_role AND s.idempotency_key = p_idempotency_key;
        IF FOUND THEN
            RETURN v_id;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'Failed to create instance: exhausted 10 attempts to generate a collision-free ID';
END
$function$;
COMMENT ON FUNCTION df._submit(text, integer, text, text, text, jsonb, text, timestamptz, text[]) IS
    'Internal: writes the submission of an instance.';
