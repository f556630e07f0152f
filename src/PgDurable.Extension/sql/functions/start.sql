CREATE FUNCTION df.start(fut text, label text DEFAULT NULL, database text DEFAULT NULL, transaction_mode text DEFAULT 'caller',
                         input jsonb DEFAULT NULL, idempotency_key text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role      regrole;
    v_superuser boolean;
    v_graph     text;
    v_graph_id  bigint;
    v_id        text;
BEGIN
    IF lower(transaction_mode) = 'new' THEN
        RAISE EXCEPTION 'transaction_mode ''new'' is not available in this version of pg_durable'
            USING ERRCODE = 'feature_not_supported', HINT = 'Start with transaction_mode ''caller'' on a connection of its own.';
    ELSIF lower(transaction_mode) IS DISTINCT FROM 'caller' THEN
        RAISE EXCEPTION 'invalid transaction_mode "%" for df.start(): expected ''caller'' or ''new''', transaction_mode
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    BEGIN
        v_graph := df._as_node(fut, p_strict => true);
    EXCEPTION WHEN null_value_not_allowed OR invalid_parameter_value THEN
        RAISE EXCEPTION 'Invalid durable function: %', SQLERRM USING ERRCODE = 'DF003';
    END;

    IF database IS NOT NULL AND database <> current_database() THEN
        IF NOT EXISTS (SELECT FROM pg_database d WHERE d.datname = database) THEN
            RAISE EXCEPTION 'database "%" does not exist', database USING ERRCODE = 'invalid_catalog_name';
        END IF;
        RAISE EXCEPTION 'steps in another database than "%" are not available in this version of pg_durable', current_database()
            USING ERRCODE = 'feature_not_supported';
    END IF;

    SELECT r.oid::regrole, r.rolsuper INTO v_role, v_superuser FROM pg_roles r WHERE r.rolname = current_user;
    IF v_superuser AND NOT COALESCE(current_setting('pg_durable.enable_superuser_instances', true), 'off')::boolean THEN
        RAISE EXCEPTION 'pg_durable: superuser instances are disabled. current_user "%" is a superuser, but '
                        'pg_durable.enable_superuser_instances is off. Set pg_durable.enable_superuser_instances = on to allow this.', current_user
            USING ERRCODE = 'DF011', HINT = 'Better: SET ROLE to an ordinary role that was given df.grant_usage().';
    END IF;

    -- A graph that this role has started before is stored, and known to be valid.
    SELECT g.graph_id INTO v_graph_id
      FROM df.graphs g
     WHERE g.owner = v_role AND hashtextextended(g.graph, 0) = hashtextextended(v_graph, 0) AND g.graph = v_graph
     LIMIT 1;
    IF NOT FOUND THEN
        PERFORM df._validate(v_graph);
        INSERT INTO df.graphs (graph) VALUES (v_graph) RETURNING graph_id INTO v_graph_id;
    END IF;

    FOR i IN 1 .. 10 LOOP
        INSERT INTO df.submissions AS s (id, label, graph_id, input, idempotency_key)
        VALUES (right(gen_random_uuid()::text, 8), label, v_graph_id, input, idempotency_key)
        ON CONFLICT DO NOTHING
        RETURNING s.id INTO v_id;
        IF FOUND THEN
            RETURN v_id;
        END IF;
        -- Somebody was faster: with this key (then that is the instance), or with this id (then try another).
        SELECT s.id INTO v_id FROM df.submissions s
         WHERE s.submitted_by = v_role AND s.idempotency_key = start.idempotency_key;
        IF FOUND THEN
            RETURN v_id;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'Failed to create instance: exhausted 10 attempts to generate a collision-free ID';
END
$function$;
COMMENT ON FUNCTION df.start(text, text, text, text, jsonb, text) IS
    'Starts an instance of a graph, or of a single SQL statement, in the caller''s transaction and returns its id. Steps read input as $input and '
    '$input.field. The same idempotency_key by the same role returns the first instance''s id.';
