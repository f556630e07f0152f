CREATE FUNCTION df.resume_schedule(name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.schedule_entries e SET paused = false
     WHERE e.owner = quote_ident(current_user)::regrole AND e.name = resume_schedule.name AND e.paused;
    IF NOT FOUND AND NOT EXISTS (
        SELECT FROM df.schedule_entries e WHERE e.owner = quote_ident(current_user)::regrole AND e.name = resume_schedule.name)
    THEN
        RAISE EXCEPTION 'Schedule not found: %', name USING ERRCODE = 'DF017';
    END IF;
    RETURN FOUND;
END
$function$;
COMMENT ON FUNCTION df.resume_schedule(text) IS
    'Lets a paused schedule tick again from now on; ticks during the pause are not caught up. False if it was not paused.';
