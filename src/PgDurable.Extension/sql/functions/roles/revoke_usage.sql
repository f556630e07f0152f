CREATE FUNCTION df.revoke_usage(p_role text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_function regprocedure;
    v_right    record;
BEGIN
    -- First: the caller may take the right to do this from itself.
    PERFORM df._audit(current_user, 'revoke_usage', p_role, NULL, NULL);
    FOREACH v_function IN ARRAY df._user_functions() || df._http_functions() || df._admin_functions()
    LOOP
        BEGIN
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I CASCADE', v_function, p_role);
        EXCEPTION WHEN insufficient_privilege THEN
            NULL; -- never held with grant option, so nothing of ours to take back
        END;
    END LOOP;
    FOR v_right IN SELECT * FROM df._user_privileges() LOOP
        EXECUTE format('REVOKE %s ON %s FROM %I CASCADE', v_right.privilege, v_right.relation, p_role);
    END LOOP;
    EXECUTE format('REVOKE USAGE ON SCHEMA df FROM %I CASCADE', p_role);
    RAISE NOTICE 'pg_durable: revoked df usage privileges granted by "%" from "%"', current_user, p_role;
END
$function$;
COMMENT ON FUNCTION df.revoke_usage(text) IS
    'Takes back what df.grant_usage gave. Instances of the role that are still running fail at their next step.';
