CREATE FUNCTION df.grant_usage(p_role text, include_http boolean DEFAULT false, with_grant boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_option   text := CASE WHEN with_grant THEN ' WITH GRANT OPTION' ELSE '' END;
    v_function regprocedure;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA df TO %I', p_role) || v_option;
    FOREACH v_function IN ARRAY df._user_functions() || CASE WHEN include_http THEN df._http_functions() END LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, p_role) || v_option;
    END LOOP;
    IF with_grant THEN
        EXECUTE format('GRANT EXECUTE ON FUNCTION df.grant_usage(text, boolean, boolean), df.revoke_usage(text), df._user_functions(), df._http_functions() TO %I', p_role)
            || v_option;
    END IF;
    EXECUTE format('GRANT SELECT ON df.instances, df.graphs, df.submissions, df.queue, df.checkpoints, df.outcomes, df.cancellations TO %I', p_role)
        || v_option;
    EXECUTE format('GRANT INSERT (graph) ON df.graphs TO %I', p_role) || v_option;
    EXECUTE format('GRANT INSERT (id, label, graph_id, input, idempotency_key) ON df.submissions TO %I', p_role) || v_option;
    EXECUTE format('GRANT INSERT (instance_no, reason) ON df.cancellations TO %I', p_role) || v_option;
    RAISE NOTICE 'pg_durable: granted df usage privileges to "%"', p_role;
END
$function$;
COMMENT ON FUNCTION df.grant_usage(text, boolean, boolean) IS
    'Lets a role compose, start and watch its own instances; with_grant lets it pass that on. include_http adds the HTTP steps. The steps run with that role''s own rights.';
