CREATE FUNCTION df.wait_for_signal(name text, timeout_seconds double precision) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._signal_node(name, trim_scale(round(timeout_seconds::numeric, 3))::text);
END
$function$;
COMMENT ON FUNCTION df.wait_for_signal(text, double precision) IS 'The same for fractions of a second, rounded to milliseconds.';
