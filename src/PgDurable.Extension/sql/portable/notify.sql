-- Only the C module can tell whether a transaction is prepared or commits. Without it, as after any other notification, PostgreSQL
-- refuses to prepare the transaction.
CREATE FUNCTION df._notify(p_channel text, p_payload text) RETURNS void
LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT pg_notify(p_channel, p_payload)
$function$;
COMMENT ON FUNCTION df._notify(text, text) IS 'Internal: sends a notification.';
