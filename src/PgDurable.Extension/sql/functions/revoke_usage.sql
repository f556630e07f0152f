CREATE FUNCTION df.revoke_usage(p_role text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_function regprocedure;
BEGIN
    FOREACH v_function IN ARRAY df._user_functions() || df._http_functions()
        || ARRAY['df.grant_usage(text, boolean, boolean)', 'df.revoke_usage(text)', 'df._user_functions()',
                 'df._http_functions()']::regprocedure[]
    LOOP
        BEGIN
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I CASCADE', v_function, p_role);
        EXCEPTION WHEN insufficient_privilege THEN
            NULL; -- never held with grant option, so nothing of ours to take back
        END;
    END LOOP;
    EXECUTE format('REVOKE SELECT ON df.instances, df.graphs, df.submissions, df.queue, df.checkpoints, df.outcomes, df.cancellations FROM %I CASCADE',
                   p_role);
    EXECUTE format('REVOKE INSERT (graph) ON df.graphs FROM %I CASCADE', p_role);
    EXECUTE format('REVOKE INSERT (id, label, graph_id, input, idempotency_key) ON df.submissions FROM %I CASCADE', p_role);
    EXECUTE format('REVOKE INSERT (instance_no, reason) ON df.cancellations FROM %I CASCADE', p_role);
    EXECUTE format('REVOKE USAGE ON SCHEMA df FROM %I CASCADE', p_role);
    RAISE NOTICE 'pg_durable: revoked df usage privileges granted by "%" from "%"', current_user, p_role;
END
$function$;
COMMENT ON FUNCTION df.revoke_usage(text) IS
    'Takes back what df.grant_usage gave. Instances of the role that are still running fail at their next step.';
