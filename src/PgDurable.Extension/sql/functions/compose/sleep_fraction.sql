-- Beside df.sleep(bigint). PostgreSQL prefers this one among the numeric types, so that no call is ambiguous: a plain 5 comes here too,
-- with the same result.
CREATE FUNCTION df.sleep(seconds double precision) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF seconds < 0 THEN
        RAISE EXCEPTION 'Sleep duration must be non-negative' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- A thousand years: no clock goes much further. (NaN is greater than all numbers.)
    IF seconds > df._graph_limit('max_sleep_seconds') THEN
        RAISE EXCEPTION 'Sleep duration must be at most % seconds', df._graph_limit('max_sleep_seconds')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN '{"node_type":"SLEEP","query":"' || trim_scale(round(seconds::numeric, 3)) || '"}';
END
$function$;
COMMENT ON FUNCTION df.sleep(double precision) IS 'The same for fractions of a second, rounded to milliseconds.';
