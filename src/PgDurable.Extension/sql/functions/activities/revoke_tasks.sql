CREATE FUNCTION df.revoke_tasks(name text, role text) RETURNS void
LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    UPDATE df.task_grants g SET removed = true
     WHERE g.owner = quote_ident(current_user)::regrole AND g.name = revoke_tasks.name
       AND g.grantee = (SELECT r.oid FROM pg_roles r WHERE r.rolname = revoke_tasks.role)
$function$;
COMMENT ON FUNCTION df.revoke_tasks(text, text) IS
    'Takes back what df.grant_tasks gave. Tasks that the role has claimed come back when their leases run out.';
