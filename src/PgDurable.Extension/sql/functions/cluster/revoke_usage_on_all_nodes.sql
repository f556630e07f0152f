CREATE FUNCTION df.revoke_usage_on_all_nodes(role text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._change_all_nodes(role, format('SELECT df.revoke_usage(%L)', role))
$function$;
COMMENT ON FUNCTION df.revoke_usage_on_all_nodes(text) IS
    'Calls df.revoke_usage on every node of a Citus cluster. Commits there at once.';
