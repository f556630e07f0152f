-- In C (src/submitted.c), because it runs at every start; sql/portable/submitted.sql does the same in PL/pgSQL.
--
-- The only way into the queue. The row of df.submissions passed row security, so it was written by the role that it names.
CREATE FUNCTION df._submitted() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_submitted';
COMMENT ON FUNCTION df._submitted() IS 'Internal: puts a submission into the queue.';
