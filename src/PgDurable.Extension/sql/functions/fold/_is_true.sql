-- Looks at the text, not the value: results include numbers that no SQL type can hold.
CREATE FUNCTION df._is_true(p_result json) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_value json := df._plain(p_result);
    v_rows  json;
    v_text  text;
BEGIN
    v_rows := CASE json_typeof(v_value) WHEN 'object' THEN v_value -> 'rows' END;
    IF json_typeof(v_rows) = 'array' THEN
        IF json_array_length(v_rows) = 0 THEN
            RETURN false;
        ELSIF json_typeof(v_rows -> 0) = 'object' THEN
            v_value := COALESCE((SELECT c.value FROM json_each(v_rows -> 0) c LIMIT 1), v_value);
        END IF;
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
