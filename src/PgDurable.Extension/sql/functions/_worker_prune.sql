-- One bounded batch: finished instances first, then the graphs that nothing refers to. Live instances are not even looked at.
CREATE FUNCTION df._worker_prune(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_count bigint := df._prune_instances(p_limit);
BEGIN
    PERFORM df._require_worker();
    IF v_count < p_limit THEN
        v_count := v_count + df._prune_graphs(p_limit);
    END IF;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df._worker_prune(integer) IS
    'Internal: removes a batch of what is older than pg_durable.retention_days, or beyond the newest 10,000 finished instances. Returns how much; 0: '
    'there is nothing left to do.';
