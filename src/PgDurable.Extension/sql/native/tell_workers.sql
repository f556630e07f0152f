-- In C (src/wake.c): wakes the workers that wait in df._await_work, and notifies those that wait outside of the server.
CREATE FUNCTION df._tell_workers(p_what text) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_tell_workers';
COMMENT ON FUNCTION df._tell_workers(text) IS 'Internal: when the transaction commits, idle workers look for what they can claim.';
