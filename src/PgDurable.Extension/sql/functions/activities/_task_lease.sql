CREATE FUNCTION df._task_lease(p_lease interval) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF p_lease IS NULL OR p_lease < interval '1 second' OR p_lease > interval '1 day' THEN
        RAISE EXCEPTION 'lease must be from 1 second to 1 day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN clock_timestamp() + p_lease;
END
$function$;
COMMENT ON FUNCTION df._task_lease(interval) IS 'Internal: the end of a lease that begins now.';
