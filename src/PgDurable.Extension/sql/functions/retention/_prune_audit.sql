-- In the order of the primary key, which is that of time: see df._prune_instances.
CREATE FUNCTION df._prune_audit(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $function$
DECLARE
    v_days  integer := COALESCE(current_setting('pg_durable.retention_days', true), '30')::integer;
    v_count bigint;
BEGIN
    WITH gone AS (
        DELETE FROM df.audit a
         WHERE a.audit_no = ANY (ARRAY(
            SELECT o.audit_no FROM (SELECT x.audit_no, x.at FROM df.audit x ORDER BY x.audit_no LIMIT p_limit) o
             WHERE o.at < clock_timestamp() - make_interval(days => v_days)))
        RETURNING 1
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END
$function$;
COMMENT ON FUNCTION df._prune_audit(integer) IS 'Internal: removes a batch of df.audit that is older than retention keeps.';
