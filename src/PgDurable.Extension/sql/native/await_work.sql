-- In C (src/wake.c). Without the module, workers wait for a notification.
CREATE FUNCTION df._await_work(p_milliseconds integer) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_await_work';
COMMENT ON FUNCTION df._await_work(integer) IS
    'Internal: returns when something may be claimed, or after a time. An instance that is due may still be locked by somebody.';
