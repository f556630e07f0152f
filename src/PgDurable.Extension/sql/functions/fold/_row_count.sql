CREATE FUNCTION df._row_count(p_result json) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_result json := df._plain(p_result);
BEGIN
    IF json_typeof(v_result) = 'object' THEN
        v_result := v_result -> 'rows';
    END IF;
    RETURN CASE json_typeof(v_result) WHEN 'array' THEN json_array_length(v_result) END;
END
$function$;
COMMENT ON FUNCTION df._row_count(json) IS
    'Internal: the number of rows in a result, or of elements if it is an array; NULL for any other result.';
