CREATE FUNCTION df._start_problem(p_role regrole) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE
        WHEN r.rolsuper AND NOT COALESCE(current_setting('pg_durable.enable_superuser_instances', true), 'off')::boolean
            THEN format('pg_durable: superuser instances are disabled. "%s" is a superuser, but '
                        'pg_durable.enable_superuser_instances is off.', r.rolname)
        WHEN NOT has_schema_privilege(r.oid, 'df', 'USAGE')
            OR NOT has_function_privilege(r.oid, 'df.start_workflow(text, jsonb, text, text, integer, timestamptz)', 'EXECUTE')
            THEN format('role %I may not start workflows: use df.grant_usage to allow it', r.rolname) END
      FROM pg_roles r
     WHERE r.oid = p_role
$function$;
COMMENT ON FUNCTION df._start_problem(regrole) IS 'Internal: why an existing role may not start instances, or NULL.';
