CREATE FUNCTION df._schedule_problem(p_config jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_cron   text := p_config ->> 'cron_expr';
    v_defect text;
BEGIN
    IF jsonb_typeof(p_config -> 'cron_expr') IS DISTINCT FROM 'string' THEN
        RETURN 'cron_expr must be a text';
    END IF;
    v_defect := df._cron_defect(v_cron);
    IF v_defect IS NOT NULL THEN
        RETURN format('Invalid cron expression ''%s'': %s', v_cron, v_defect);
    END IF;
    -- The view reads hundreds of files, so not for nothing.
    IF p_config ->> 'timezone' <> 'UTC'
        AND NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = p_config ->> 'timezone' AND z.name !~ '^(posix|right)/|^(localtime|posixrules|Factory)$')
    THEN
        RETURN format('Unknown time zone ''%s''. Use a name of pg_timezone_names, such as ''Europe/Paris''', p_config ->> 'timezone');
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._schedule_problem(jsonb) IS 'Internal: what is wrong with the config of a WAIT_SCHEDULE node, or NULL.';
