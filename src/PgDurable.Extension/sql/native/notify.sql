-- In C (src/notify.c): the notification is sent when the transaction commits. It is dropped when the transaction is prepared, which
-- PostgreSQL would refuse otherwise; then a worker's next poll finds what the transaction left.
CREATE FUNCTION df._notify(p_channel text, p_payload text) RETURNS void
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_notify';
COMMENT ON FUNCTION df._notify(text, text) IS 'Internal: sends a notification, unless the transaction is prepared.';
