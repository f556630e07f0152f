CREATE FUNCTION df._admin_functions() RETURNS regprocedure[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT ARRAY[
        'df.grant_usage(text, boolean, boolean)', 'df.revoke_usage(text)', 'df.metrics()',
        'df.grant_usage_on_all_nodes(text, boolean, boolean)', 'df.revoke_usage_on_all_nodes(text)',
        'df._admin_functions()', 'df._change_all_nodes(text, text)', 'df._audit(name, text, name, text, text)',
        'df._http_functions()', 'df._user_functions()', 'df._user_privileges()'
    ]::regprocedure[]
$function$;
COMMENT ON FUNCTION df._admin_functions() IS 'Internal: the functions that df.grant_usage also grants if with_grant is true.';
