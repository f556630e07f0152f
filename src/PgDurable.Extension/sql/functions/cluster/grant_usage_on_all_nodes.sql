CREATE FUNCTION df.grant_usage_on_all_nodes(role text, include_http boolean DEFAULT false, with_grant boolean DEFAULT false)
RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._change_all_nodes(role, format('SELECT df.grant_usage(%L, %L, %L)', role, include_http, with_grant))
$function$;
COMMENT ON FUNCTION df.grant_usage_on_all_nodes(text, boolean, boolean) IS
    'Calls df.grant_usage on every node of a Citus cluster. Commits there at once.';
