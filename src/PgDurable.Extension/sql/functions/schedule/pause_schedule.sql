CREATE FUNCTION df.pause_schedule(name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.schedule_entries e SET paused = true
     WHERE e.owner = quote_ident(current_user)::regrole AND e.name = pause_schedule.name AND NOT e.paused;
    IF NOT FOUND AND NOT EXISTS (
        SELECT FROM df.schedule_entries e WHERE e.owner = quote_ident(current_user)::regrole AND e.name = pause_schedule.name)
    THEN
        RAISE EXCEPTION 'Schedule not found: %', name USING ERRCODE = 'DF017';
    END IF;
    RETURN FOUND;
END
$function$;
COMMENT ON FUNCTION df.pause_schedule(text) IS
    'Skips the ticks of a schedule until df.resume_schedule. Instances that it has started go on. False if it was already paused.';
