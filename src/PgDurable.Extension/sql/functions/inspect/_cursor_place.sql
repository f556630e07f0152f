CREATE FUNCTION df._cursor_place(p_cursor text, OUT created_at timestamptz, OUT id text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET DateStyle = 'ISO, YMD'
AS $function$
DECLARE
    v_parts text[];
BEGIN
    IF p_cursor IS NULL THEN
        RETURN;
    END IF;
    IF length(p_cursor) BETWEEN 2 AND 512 AND p_cursor ~ '^([0-9A-Fa-f]{2})+$' THEN
        v_parts := regexp_match(convert_from(decode(p_cursor, 'hex'), 'UTF8'),
                                '^v1\|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d(?::\d\d)?)\|(.+)$');
        created_at := v_parts[1]::timestamptz;
        id := v_parts[2];
    END IF;
    IF id IS NULL THEN
        RAISE EXCEPTION 'df.list_instances: invalid after_cursor' USING ERRCODE = 'invalid_parameter_value';
    END IF;
EXCEPTION
    -- Bytes that are not text, or text that is not a time.
    WHEN character_not_in_repertoire OR untranslatable_character OR invalid_datetime_format OR datetime_field_overflow
        OR invalid_time_zone_displacement_value THEN
        RAISE EXCEPTION 'df.list_instances: invalid after_cursor' USING ERRCODE = 'invalid_parameter_value';
END
$function$;
COMMENT ON FUNCTION df._cursor_place(text) IS 'Internal: the position that a cursor names; NULL if there is no cursor.';
