CREATE FUNCTION df.sleep(seconds bigint) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    -- No whole number of seconds that is allowed is too large for that type.
    RETURN df.sleep(seconds::double precision);
END
$function$;
COMMENT ON FUNCTION df.sleep(bigint) IS
    'Waits for this many seconds. Meanwhile the instance is only a row: it holds no connection, and a restart does not move the end of '
    'the wait.';
