-- Locked rows are left for later: an uncommitted start may be writing the graph's sources, and a worker waits for no user.
-- In two passes, a day apart: an uncommitted start may refer to a graph that looks unused. New starts do not use marked graphs.
CREATE FUNCTION df._prune_graphs(p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
AS $function$
DECLARE
    v_marked  bigint;
    v_dropped bigint;
BEGIN
    WITH dropped AS (
        DELETE FROM df.graphs g
         WHERE g.graph_id IN (
            SELECT u.graph_id FROM df.graphs u
             WHERE u.unused_at < clock_timestamp() - interval '1 day'
               AND NOT EXISTS (SELECT FROM df.submissions s WHERE s.graph_id = u.graph_id)
               AND NOT EXISTS (SELECT FROM df.registrations w WHERE w.graph_id = u.graph_id)
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED)
        RETURNING 1
    )
    SELECT count(*) INTO v_dropped FROM dropped;
    WITH marked AS (
        UPDATE df.graphs g SET unused_at = clock_timestamp()
         WHERE g.graph_id IN (
            SELECT u.graph_id FROM df.graphs u
             WHERE u.unused_at IS NULL
               AND NOT EXISTS (SELECT FROM df.submissions s WHERE s.graph_id = u.graph_id)
               AND NOT EXISTS (SELECT FROM df.registrations w WHERE w.graph_id = u.graph_id)
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED)
        RETURNING 1
    )
    SELECT count(*) INTO v_marked FROM marked;
    RETURN v_dropped + v_marked;
END
$function$;
COMMENT ON FUNCTION df._prune_graphs(integer) IS
    'Internal: marks a batch of graphs that nothing refers to, and drops those that were marked a day ago.';
