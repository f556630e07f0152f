CREATE FUNCTION df._moment_problem(p_moment jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_text text := CASE jsonb_typeof(p_moment) WHEN 'string' THEN p_moment #>> '{}' ELSE '' END;
BEGIN
    IF df._is_reference(v_text) THEN
        RETURN NULL;
    END IF;
    IF v_text ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[-+]\d\d:\d\d)$' THEN
        PERFORM v_text::timestamptz;
        RETURN NULL;
    END IF;
    RETURN 'until must be a moment such as "2026-12-24T18:00:00+01:00", or a reference';
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format OR invalid_time_zone_displacement_value THEN
    RETURN 'until must be a moment such as "2026-12-24T18:00:00+01:00", or a reference';
END
$function$;
COMMENT ON FUNCTION df._moment_problem(jsonb) IS 'Internal: what is wrong with the moment that a SLEEP node waits for, or NULL.';
