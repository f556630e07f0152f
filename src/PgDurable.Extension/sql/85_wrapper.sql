-- Servers and user mappings of it say where endpoints are, and with which credentials they are called. Only a superuser may create a wrapper: where the
-- schema is installed by somebody else, there are no endpoints.
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
