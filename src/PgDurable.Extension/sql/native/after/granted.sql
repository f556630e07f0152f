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
          FROM (SELECT g.grantee FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) g
                 WHERE a.attrelid = 'df.instances'::regclass AND a.attname = 'root_node' AND g.privilege_type = 'INSERT'
                INTERSECT
                SELECT g.grantee FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) g WHERE n.nspname = 'df' AND g.privilege_type = 'USAGE'
                EXCEPT
                -- More than one, so that a role from which df.start was taken back does not get it again.
                SELECT g.grantee FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) g
                 WHERE p.oid IN ('df.start(text, text, text, text)'::regprocedure, 'df.status(text)'::regprocedure, 'df.sql(text)'::regprocedure)) c
          JOIN pg_roles r ON r.oid = c.grantee
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
