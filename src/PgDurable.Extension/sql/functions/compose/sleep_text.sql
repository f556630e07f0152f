CREATE FUNCTION df.sleep(duration text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF df._is_reference(duration) THEN
        RETURN df._config_node('SLEEP', '{"seconds":' || to_json(duration) || '}');
    END IF;
    RETURN df.sleep(df._seconds(duration));
END
$function$;
COMMENT ON FUNCTION df.sleep(text) IS
    'Waits for a duration: seconds, an interval such as ''10 minutes'', or a reference such as ''$input.delay'' to either of these, which '
    'is read when the wait begins.';
