-- One bounded batch: first instances whose role is gone, then finished instances, then graphs that nothing refers to, then old
-- rows of df.audit.
CREATE FUNCTION df._worker_prune(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_count bigint := df._wake_orphans(p_limit);
BEGIN
    PERFORM df._require_worker();
    IF v_count < p_limit THEN
        v_count := v_count + df._prune_instances(p_limit);
    END IF;
    IF v_count < p_limit THEN
        v_count := v_count + df._prune_graphs(p_limit);
    END IF;
    IF v_count < p_limit THEN
        v_count := v_count + df._prune_audit(p_limit);
    END IF;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df._worker_prune(integer) IS
    'Internal: wakes instances whose role is gone, and removes a batch of finished instances that are older than '
    'pg_durable.retention_days or beyond the newest pg_durable.retention_instances, and of unused graphs. Returns how many; 0 means that '
    'nothing is left to do.';
