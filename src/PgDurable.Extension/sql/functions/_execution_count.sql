-- Only a loop at the root makes executions: its carried iterations are rows of node 0. (So are the waits of a retry at the root, hence the look at its type.)
CREATE FUNCTION df._execution_count(p_instance_no bigint) RETURNS bigint
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT 1 + COALESCE((SELECT max(substr(c.path, 3)::bigint) FROM df.checkpoints c
                          WHERE c.instance_no = p_instance_no AND c.node = 0 AND c.path <> '' AND c.error IS NULL
                            AND df._root_type(p_instance_no) = 'LOOP'), 0)
$function$;
COMMENT ON FUNCTION df._execution_count(bigint) IS 'Internal: which iteration of its root loop an instance is in; 1 without one.';
