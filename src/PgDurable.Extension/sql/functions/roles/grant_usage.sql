CREATE FUNCTION df.grant_usage(p_role text, include_http boolean DEFAULT false, with_grant boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_option    text := CASE WHEN with_grant THEN ' WITH GRANT OPTION' ELSE '' END;
    v_functions regprocedure[] := df._user_functions()
        || CASE WHEN include_http THEN df._http_functions() END || CASE WHEN with_grant THEN df._admin_functions() END;
    v_right     record;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA df TO %I', p_role) || v_option;
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', array_to_string(v_functions, ', '), p_role) || v_option;
    FOR v_right IN SELECT * FROM df._user_privileges() LOOP
        EXECUTE format('GRANT %s ON %s TO %I', v_right.privilege, v_right.relation, p_role) || v_option;
    END LOOP;
    PERFORM df._audit(current_user, 'grant_usage', p_role, NULL,
                      NULLIF(concat_ws(', ', CASE WHEN include_http THEN 'include_http' END,
                                       CASE WHEN with_grant THEN 'with_grant' END), ''));
    RAISE NOTICE 'pg_durable: granted df usage privileges to "%"', p_role;
END
$function$;
COMMENT ON FUNCTION df.grant_usage(text, boolean, boolean) IS
    'Lets a role compose, start and watch its own instances. include_http adds the HTTP steps; with_grant lets the role grant all this to '
    'others. The steps run with that role''s own rights.';
