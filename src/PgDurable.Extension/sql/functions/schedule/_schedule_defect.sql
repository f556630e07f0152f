CREATE FUNCTION df._schedule_defect(p_name text, p_cron text, p_timezone text, p_workflow text, p_overlap text, p_catch_up text,
                                    p_jitter_seconds integer, p_input jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE
        WHEN COALESCE(p_name, '') = '' THEN 'Schedule name cannot be empty'
        WHEN length(p_name) > 200 THEN 'Schedule name is longer than 200 characters'
        WHEN p_cron IS NULL THEN 'Cron expression cannot be NULL'
        WHEN p_workflow IS NULL THEN 'Workflow name cannot be NULL'
        WHEN (p_overlap IN ('skip', 'queue', 'allow', 'cancel_running')) IS NOT TRUE
            THEN format('overlap is %L: expected ''skip'', ''queue'', ''allow'' or ''cancel_running''', p_overlap)
        WHEN (p_catch_up IN ('skip', 'one', 'all')) IS NOT TRUE
            THEN format('catch_up is %L: expected ''skip'', ''one'' or ''all''', p_catch_up)
        WHEN (p_jitter_seconds BETWEEN 0 AND 86400) IS NOT TRUE
            THEN format('jitter_seconds is %s: expected 0 to 86400', COALESCE(p_jitter_seconds::text, 'NULL'))
        WHEN length(p_cron) > 1000 THEN 'Cron expression is longer than 1000 characters'
        WHEN pg_column_size(p_input) > 1048576 THEN 'Schedule input is larger than 1 MB: keep the data in a table and pass its key'
        ELSE df._schedule_problem(jsonb_build_object('cron_expr', p_cron, 'timezone', p_timezone)) END
$function$;
COMMENT ON FUNCTION df._schedule_defect(text, text, text, text, text, text, integer, jsonb) IS
    'Internal: what is wrong with the arguments of df.schedule, or NULL.';
