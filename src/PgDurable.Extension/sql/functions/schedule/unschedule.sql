CREATE FUNCTION df.unschedule(name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    UPDATE df.schedule_entries e SET removed = true WHERE e.owner = quote_ident(current_user)::regrole AND e.name = unschedule.name;
    RETURN FOUND;
END
$function$;
COMMENT ON FUNCTION df.unschedule(text) IS
    'Removes a schedule; false if there was none. Instances that it has started go on; ticks that it has queued do not.';
