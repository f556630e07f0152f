CREATE FUNCTION df.sleep_until(moment text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF df._is_reference(moment) THEN
        RETURN df._config_node('SLEEP', '{"until":' || to_json(moment) || '}');
    END IF;
    RETURN df.sleep_until(moment::timestamptz);
END
$function$;
COMMENT ON FUNCTION df.sleep_until(text) IS
    'The same for a reference such as ''$order.due_at'', which is read when the wait begins and needs a date, a time and a time zone. Any '
    'other text is read as a timestamptz.';
