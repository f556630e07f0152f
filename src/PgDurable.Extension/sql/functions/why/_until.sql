CREATE FUNCTION df._until(p_time timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN NOT isfinite(p_time) THEN p_time::text
                ELSE format('%s (%s)', to_char(p_time, 'YYYY-MM-DD HH24:MI:SSOF'),
                            CASE WHEN p_time > clock_timestamp() THEN 'in ' || df._span(p_time - clock_timestamp())
                                 ELSE df._span(clock_timestamp() - p_time) || ' ago' END) END
$function$;
COMMENT ON FUNCTION df._until(timestamptz) IS 'Internal: a moment for people, with its distance from now.';
