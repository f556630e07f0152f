CREATE FUNCTION df._worker_checkpoints(p_instances bigint[])
RETURNS TABLE (instance_no bigint, node integer, path text, seq integer, attempt integer, started_at timestamptz, finished_at timestamptz,
               result text, columns text, error text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT c.instance_no, c.node, c.path, c.seq, c.attempt, c.started_at, c.finished_at, c.result::text, c.columns::text, c.error::text
      FROM df.checkpoints c
     WHERE c.instance_no = ANY (p_instances)
     ORDER BY c.instance_no, c.seq
$function$;
COMMENT ON FUNCTION df._worker_checkpoints(bigint[]) IS
    'Internal: the inputs that the engine has taken for these instances so far, in order.';
