CREATE FUNCTION df._list_limit(p_limit integer) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_limit integer := COALESCE(NULLIF(current_setting('pg_durable.list_instances_max_limit', true), ''), '1000')::integer;
BEGIN
    IF p_limit < 1 OR p_limit IS NULL THEN
        RAISE EXCEPTION 'limit_count must be at least 1' USING ERRCODE = 'invalid_parameter_value';
    ELSIF p_limit > v_limit THEN
        RAISE EXCEPTION 'df.list_instances: limit_count (%) exceeds pg_durable.list_instances_max_limit (%); request fewer rows, '
                        'or use the paginated df.list_instances overload (after_cursor/next_cursor) for large result sets', p_limit, v_limit
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN p_limit;
END
$function$;
COMMENT ON FUNCTION df._list_limit(integer) IS 'Internal: the limit given to df.list_instances, if it is allowed.';
