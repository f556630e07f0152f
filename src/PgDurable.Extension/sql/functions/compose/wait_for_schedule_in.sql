CREATE FUNCTION df.wait_for_schedule(cron_expr text, timezone text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('WAIT_SCHEDULE', '{"cron_expr":' || COALESCE(to_json(cron_expr)::text, 'null')
                                            || COALESCE(',"timezone":' || to_json(timezone)::text, '') || '}');
END
$function$;
COMMENT ON FUNCTION df.wait_for_schedule(text, text) IS 'The same in a time zone, such as Europe/Paris; NULL means UTC.';
