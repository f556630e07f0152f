CREATE FUNCTION df._worker_signals(p_instances bigint[])
RETURNS TABLE (instance_no bigint, signal_no bigint, name text, data text, sent_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT s.instance_no, s.signal_no, s.name, s.data::text, s.sent_at FROM df.signals s WHERE s.instance_no = ANY (p_instances) ORDER BY s.signal_no
$function$;
COMMENT ON FUNCTION df._worker_signals(bigint[]) IS 'Internal: signals that no wait has taken yet, oldest first.';
