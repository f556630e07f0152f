CREATE FUNCTION df.sleep_until(moment timestamptz) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF moment NOT BETWEEN '0001-01-01 00:00:00+00' AND '9999-01-01 00:00:00+00' THEN
        RAISE EXCEPTION 'df.sleep_until: moment must be between the years 1 and 9999' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN df._config_node('SLEEP', format('{"until":"%s"}', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')));
END
$function$;
COMMENT ON FUNCTION df.sleep_until(timestamptz) IS
    'Waits until a moment. If it is over already, the next step begins at once. Meanwhile the instance is only a row.';
