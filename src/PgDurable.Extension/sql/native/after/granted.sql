-- Guides for pg_durable tell an administrator to grant rights one by one: USAGE on the schema, and INSERT on some columns of
-- df.instances. There that is enough. Here a role needs more, because nothing is granted to PUBLIC; this trigger grants the rest.
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
                SELECT g.grantee FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) g
                 WHERE n.nspname = 'df' AND g.privilege_type = 'USAGE'
                EXCEPT
                -- More than one function, so that a role from which df.start was revoked does not get it back.
                SELECT g.grantee FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) g
                 WHERE p.oid IN ('df.start(text, text, text, text)'::regprocedure, 'df.status(text)'::regprocedure,
                                 'df.sql(text)'::regprocedure)) c
          JOIN pg_roles r ON r.oid = c.grantee
    LOOP
        -- First, because each GRANT fires this trigger again.
        EXECUTE format('GRANT EXECUTE ON FUNCTION df.start(text, text, text, text) TO %I', v_role);
        PERFORM df.grant_usage(v_role);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION df._granted() FROM PUBLIC;
COMMENT ON FUNCTION df._granted() IS 'Internal: gives a role that may insert into df.instances everything else that df.grant_usage gives.';
CREATE EVENT TRIGGER pg_durable_granted ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE FUNCTION df._granted();
