CREATE FUNCTION df._schedule_problem(p_config jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_cron   text := p_config ->> 'cron_expr';
    v_defect text;
BEGIN
    IF jsonb_typeof(p_config -> 'cron_expr') IS DISTINCT FROM 'string' THEN
        RETURN 'cron_expr must be a string';
    END IF;
    IF jsonb_typeof(p_config -> 'timezone') NOT IN ('string', 'null') THEN
        RETURN 'timezone must be a string';
    END IF;
    v_defect := df._cron_defect(v_cron);
    IF v_defect IS NOT NULL THEN
        RETURN format('Invalid cron expression ''%s'': %s', v_cron, v_defect);
    END IF;
    RETURN df._timezone_problem(p_config ->> 'timezone');
END
$function$;
COMMENT ON FUNCTION df._schedule_problem(jsonb) IS 'Internal: what is wrong with the config of a WAIT_SCHEDULE node, or NULL.';
