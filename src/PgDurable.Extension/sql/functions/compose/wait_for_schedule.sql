CREATE FUNCTION df.wait_for_schedule(cron_expr text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._config_node('WAIT_SCHEDULE', '{"cron_expr":' || to_json(cron_expr)::text || '}');
END
$function$;
COMMENT ON FUNCTION df.wait_for_schedule(text) IS
    'Waits for the next time that a cron expression names, in UTC: minute, hour, day of month, month, day of week, or @hourly … @yearly.';
