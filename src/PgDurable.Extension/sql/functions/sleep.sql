CREATE FUNCTION df.sleep(seconds bigint) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF seconds < 0 THEN
        RAISE EXCEPTION 'Sleep duration must be non-negative' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- A thousand years: no clock goes much further.
    IF seconds > 31536000000 THEN
        RAISE EXCEPTION 'Sleep duration must be at most 31536000000 seconds' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN '{"node_type":"SLEEP","query":"' || seconds || '"}';
END
$function$;
COMMENT ON FUNCTION df.sleep(bigint) IS 'Waits for some seconds. The instance is a row meanwhile: it holds no connection, and a restart does not move the end of the wait.';
