CREATE FUNCTION df.wait_for_signal(name text, timeout_seconds integer DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._signal_node(name, timeout_seconds::text);
END
$function$;
COMMENT ON FUNCTION df.wait_for_signal(text, integer) IS
    'Waits for df.signal(id, name), or until the timeout. The result has signal_name, timed_out and data.';
