-- Only a loop at the root makes executions. The loop's own rows are the iterations that are over; every other row belongs to the
-- iteration that its path begins with.
CREATE FUNCTION df._execution_count(p_instance_no bigint) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF df._root_type(p_instance_no) IS DISTINCT FROM 'LOOP' THEN
        RETURN 1;
    END IF;
    RETURN (SELECT COALESCE(max(substring(c.path FROM '^0:(\d+)')::bigint + (c.node = 0)::integer), 1)
              FROM df.checkpoints c WHERE c.instance_no = p_instance_no AND c.path <> '');
END
$function$;
COMMENT ON FUNCTION df._execution_count(bigint) IS 'Internal: the current iteration of an instance''s root loop; 1 if it has none.';
