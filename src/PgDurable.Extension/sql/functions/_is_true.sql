-- The text is looked at, not the value: numbers beyond any SQL type and strings with \u0000 are results too.
CREATE FUNCTION df._is_true(p_result json) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_value json := p_result;
    v_text  text;
BEGIN
    IF json_typeof(p_result) = 'object' AND json_typeof(p_result -> 'rows') = 'array' THEN
        IF json_array_length(p_result -> 'rows') = 0 THEN
            RETURN false;
        END IF;
        v_value := COALESCE((SELECT c.value FROM json_each(p_result -> 'rows' -> 0) c LIMIT 1), p_result);
    END IF;
    v_text := lower(btrim(btrim(v_value::text, E' \t\r\n'), E'" \t'));
    RETURN CASE json_typeof(v_value)
        WHEN 'boolean' THEN v_text = 'true'
        WHEN 'number' THEN split_part(v_text, 'e', 1) ~ '[1-9]'
        WHEN 'string' THEN CASE
            WHEN v_text IN ('', 'f', 'false', 'no') THEN false
            WHEN v_text ~ '^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$' THEN split_part(v_text, 'e', 1) ~ '[1-9]'
            ELSE true END
        WHEN 'array' THEN json_array_length(v_value) > 0
        WHEN 'object' THEN EXISTS (SELECT FROM json_object_keys(v_value))
        ELSE false
    END;
END
$function$;
COMMENT ON FUNCTION df._is_true(json) IS 'Internal: whether a condition with this result holds.';
