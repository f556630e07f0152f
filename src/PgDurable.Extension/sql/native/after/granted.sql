-- Guides for pg_durable have an administrator give a role rights one by one: USAGE on the schema, and INSERT on some columns of df.instances. There that is all it
-- takes. Here a role needs more, because nothing is given to PUBLIC, and the rest follows by itself.
CREATE FUNCTION df._granted() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_role name;
BEGIN
    FOR v_role IN
        SELECT r.rolname
          FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) g JOIN pg_roles r ON r.oid = g.grantee
         WHERE a.attrelid = 'df.instances'::regclass AND a.attname = 'root_node' AND g.privilege_type = 'INSERT'
           AND EXISTS (SELECT FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) u
                        WHERE n.nspname = 'df' AND u.grantee = g.grantee AND u.privilege_type = 'USAGE')
           -- From whom some of it was taken back gets nothing again.
           AND NOT EXISTS (SELECT FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) e
                            WHERE p.pronamespace = 'df'::regnamespace AND e.grantee = g.grantee)
    LOOP
        -- First, because each GRANT comes here again.
        EXECUTE format('GRANT EXECUTE ON FUNCTION df.start(text, text, text, text) TO %I', v_role);
        PERFORM df.grant_usage(v_role);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION df._granted() FROM PUBLIC;
COMMENT ON FUNCTION df._granted() IS 'Internal: gives a role that may insert into df.instances what else df.grant_usage gives.';
CREATE EVENT TRIGGER pg_durable_granted ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE FUNCTION df._granted();
