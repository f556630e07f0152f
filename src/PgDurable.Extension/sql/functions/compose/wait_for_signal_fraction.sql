CREATE FUNCTION df.wait_for_signal(name text, timeout_seconds double precision) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('SIGNAL', '{"signal_name":' || COALESCE(to_json(name)::text, 'null')
                                     || ',"timeout_seconds":'
                                     || COALESCE(trim_scale(round(timeout_seconds::numeric, 3))::text, 'null') || '}');
END
$function$;
COMMENT ON FUNCTION df.wait_for_signal(text, double precision) IS 'The same for fractions of a second, rounded to milliseconds.';
