-- A name from pg_timezone_names, letter for letter: the worker's time zones are files too. That view reads hundreds of files, so most
-- names are checked with the setting TimeZone, which shows how a name is really spelt. It takes nothing but names if there is no digit;
-- the SET clause puts it back.
CREATE FUNCTION df._timezone_problem(p_timezone text) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $function$
DECLARE
    v_known boolean := false;
BEGIN
    IF p_timezone !~ '^[A-Za-z_/-]+$' THEN
        v_known := EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = p_timezone);
    ELSE
        BEGIN
            PERFORM set_config('TimeZone', p_timezone, true);
            v_known := current_setting('TimeZone') = p_timezone;
        EXCEPTION WHEN invalid_parameter_value THEN
            NULL;
        END;
    END IF;
    -- Names of files, but not of places.
    IF v_known AND p_timezone !~ '^(posix|right)/|^(localtime|posixrules|Factory)$' THEN
        RETURN NULL;
    END IF;
    RETURN format('Unknown time zone ''%s''. Use a name of pg_timezone_names, such as ''Europe/Paris''', p_timezone);
END
$function$;
COMMENT ON FUNCTION df._timezone_problem(text) IS 'Internal: what is wrong with the name of a time zone, or NULL.';
