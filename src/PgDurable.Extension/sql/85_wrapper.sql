-- Its servers and user mappings say where endpoints are and which credentials they are called with. Only a superuser may create a
-- wrapper: where anybody else installs the schema, there are no endpoints.
DO $do$
BEGIN
    IF (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.fdwname OPERATOR(pg_catalog.=) 'pg_durable_fdw')
    THEN
        CREATE FOREIGN DATA WRAPPER pg_durable_fdw NO HANDLER VALIDATOR df.endpoint_option_validator;
        COMMENT ON FOREIGN DATA WRAPPER pg_durable_fdw IS 'Endpoints of HTTP steps, and secrets: see df.endpoint and df.secret.';
        REVOKE ALL ON FOREIGN DATA WRAPPER pg_durable_fdw FROM PUBLIC;
    END IF;
END
$do$;
