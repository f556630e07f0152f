CREATE FUNCTION df.wait_for_signal(name text, timeout_seconds text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF df._is_reference(timeout_seconds) THEN
        RETURN df._signal_node(name, to_json(timeout_seconds)::text);
    ELSIF timeout_seconds ~ '^\s*[-+]?[0-9]+\s*$' THEN
        RETURN df.wait_for_signal(name, timeout_seconds::integer);
    END IF;
    RETURN df.wait_for_signal(name, df._seconds(timeout_seconds));
END
$function$;
COMMENT ON FUNCTION df.wait_for_signal(text, text) IS
    'The same for an interval such as ''1 day'', and for a reference such as ''$input.grace'', which is read when the wait begins. If it '
    'is NULL then, the wait has no limit.';
