-- The oldest ones, as many as fit: what a role sends must not fill the worker's memory. The instance asks again once it has taken these.
-- The first one always comes.
CREATE FUNCTION df._worker_signals(p_instances bigint[], p_names text[] DEFAULT NULL, p_limit integer DEFAULT 100,
                                   p_bytes bigint DEFAULT 1048576)
RETURNS TABLE (instance_no bigint, signal_no bigint, name text, data text, sent_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
    SELECT df._require_worker();
    SELECT f.instance_no, f.signal_no, f.name, f.data::text, f.sent_at
      FROM (SELECT s.*, sum(pg_column_size(s.data)) OVER (PARTITION BY s.instance_no ORDER BY s.signal_no) AS bytes,
                   row_number() OVER (PARTITION BY s.instance_no ORDER BY s.signal_no) AS n
              FROM unnest(p_instances) i (instance_no)
             CROSS JOIN LATERAL (
                    SELECT o.*
                      FROM (SELECT DISTINCT a.name FROM unnest(p_names) a (name)) w
                     CROSS JOIN LATERAL (
                            SELECT s.* FROM df.signals s
                             WHERE s.instance_no = i.instance_no AND hashtext(s.name) = hashtext(w.name) AND s.name = w.name
                             ORDER BY s.signal_no
                             LIMIT p_limit) o
                    UNION ALL
                    SELECT o.*
                      FROM (SELECT s.* FROM df.signals s WHERE p_names IS NULL AND s.instance_no = i.instance_no ORDER BY s.signal_no
                             LIMIT p_limit) o
                     ORDER BY signal_no
                     LIMIT p_limit) s) f
     WHERE f.n = 1 OR f.bytes <= p_bytes
     ORDER BY f.signal_no
$function$;
COMMENT ON FUNCTION df._worker_signals(bigint[], text[], integer, bigint) IS
    'Internal: signals that no wait has taken yet, oldest first, as many of each instance as fit; only those with the given names unless '
    'p_names is NULL.';
