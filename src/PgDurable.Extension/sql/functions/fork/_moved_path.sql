CREATE FUNCTION df._moved_path(p_path text, p_counterparts integer[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_segment text;
    v_moved   text[] := '{}';
BEGIN
    FOREACH v_segment IN ARRAY string_to_array(p_path, '/') LOOP
        v_moved := array_append(v_moved, p_counterparts[split_part(v_segment, ':', 1)::integer + 1]
                                         || ':' || split_part(v_segment, ':', 2));
    END LOOP;
    RETURN CASE WHEN array_position(v_moved, NULL) IS NULL THEN array_to_string(v_moved, '/') END;
END
$function$;
COMMENT ON FUNCTION df._moved_path(text, integer[]) IS
    'Internal: a path in the numbers of another graph; NULL if one of its nodes has no counterpart there.';
