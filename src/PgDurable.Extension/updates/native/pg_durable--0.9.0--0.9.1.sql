CREATE FUNCTION df._updated() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- Anybody who owns an extension may alter it, and must not be refused here.
    IF pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'df'), 'USAGE') THEN
        PERFORM df._grant_new();
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION df._updated() FROM PUBLIC;
COMMENT ON FUNCTION df._updated() IS 'Internal: after ALTER EXTENSION UPDATE, grants what is new.';
CREATE EVENT TRIGGER pg_durable_updated ON ddl_command_end WHEN TAG IN ('ALTER EXTENSION') EXECUTE FUNCTION df._updated();
