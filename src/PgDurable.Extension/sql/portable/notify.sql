-- Only the C module can tell a transaction that is prepared from one that commits: here, as with any other notification, such a transaction is refused.
CREATE FUNCTION df._notify(p_channel text, p_payload text) RETURNS void
LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT pg_notify(p_channel, p_payload)
$function$;
COMMENT ON FUNCTION df._notify(text, text) IS 'Internal: a notification.';
