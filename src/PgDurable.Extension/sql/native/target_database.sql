CREATE FUNCTION df._databases() RETURNS text[]
    LANGUAGE c STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_databases';
COMMENT ON FUNCTION df._databases() IS 'Internal: the databases that have a worker.';

-- No worker would ever look at any other database. This comes after the C functions: if the module is not loaded at all, creating those
-- reports it.
DO $do$
DECLARE
    v_role text := pg_catalog.current_setting('pg_durable.worker_role');
BEGIN
    IF pg_catalog.current_database()::text OPERATOR(pg_catalog.<>) ALL (df._databases()) THEN
        RAISE EXCEPTION 'pg_durable extension must be created in database "%" (currently in "%"). The settings pg_durable.database and '
                        'pg_durable.databases name the databases that have a worker.',
                pg_catalog.array_to_string(df._databases(), '" or "'), pg_catalog.current_database()
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Connect to the correct database and run: CREATE EXTENSION pg_durable; or add this one to pg_durable.databases '
                         'and restart the server.';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) v_role) THEN
        RAISE WARNING 'pg_durable: worker role "%" does not exist. Create it as a superuser with LOGIN, or change '
                      'pg_durable.worker_role.', v_role;
    ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) v_role AND r.rolsuper) THEN
        RAISE WARNING 'pg_durable: worker role "%" is not a superuser. The worker runs steps as other roles and needs to be one.', v_role;
    END IF;
END
$do$;
