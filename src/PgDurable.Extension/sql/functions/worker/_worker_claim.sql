-- The tables are nearly empty at one moment and full at the next, and the plan that is kept may be made at either. So nothing is left to
-- estimates: the queue is read in the order of its index, updated by row address, and the rest is looked up by key (OFFSET 0 keeps the
-- lookups from becoming joins, and scalar subqueries, unlike EXISTS, are not answered from a hash table of everything). The cost depends
-- on the instances claimed, not on the backlog. No JIT: what the planner must not do counts as very expensive.
--
-- Oldest first is fair as long as everything due can be claimed. If not, the worker says how many to take from which lane
-- (df._worker_lanes).
--
-- While an old snapshot is open, the rows of all instances that were claimed since then stay in the index, and a claim would step over
-- them. p_after leaves out instances that were never claimed and have this number or a smaller one: the worker has looked at these before.
--
-- With p_wait, an idle worker waits here, in the server: from the commit of a start to the claim only one process has to wake up.
CREATE FUNCTION df._worker_claim(p_worker integer, p_limit integer, p_role oid, p_roles oid[] DEFAULT NULL, p_lanes smallint[] DEFAULT NULL,
                                 p_shares integer[] DEFAULT NULL, p_least timestamptz DEFAULT '-infinity', p_wait integer DEFAULT NULL,
                                 p_after bigint[] DEFAULT '{0}')
RETURNS TABLE (instance_no bigint, id text, graph_id bigint, role_oid oid, role_name text, superuser boolean, resumed boolean, input text,
               label text, vars text, database text, workflow text, started_at timestamptz, now timestamptz, paused boolean,
               retried boolean, resumed_at timestamptz, held boolean,
               lane smallint, bytes bigint, traceparent text, suspect boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
    v_now     timestamptz := clock_timestamp();
    v_held    bigint[];
    v_due     tid[];
    v_resumed bigint[];
BEGIN
    PERFORM df._require_worker();
    IF p_wait IS NOT NULL THEN
        PERFORM df._await_work(p_wait);
        v_now := clock_timestamp();
    END IF;
    -- Another worker declared this one dead and freed what it held: it learns of that with its next heartbeat.
    IF NOT EXISTS (SELECT FROM df.workers w WHERE w.worker_id = p_worker) THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM df.wakeups) THEN
        v_held := df._worker_wake(p_worker, p_wait IS NOT NULL);
    END IF;
    IF p_roles IS NULL THEN
        SELECT array_agg(d.address), array_agg(d.instance_no) FILTER (WHERE d.started_at IS NOT NULL) INTO v_due, v_resumed
          FROM (SELECT q.ctid AS address, q.instance_no, q.started_at
                  FROM df.queue q
                 WHERE q.worker_id IS NULL AND q.due_at <= v_now AND (p_role IS NULL OR q.submitted_by = p_role)
                   AND (q.due_at, q.instance_no) > ('-infinity', p_after[1])
                 ORDER BY q.due_at, q.instance_no
                 LIMIT p_limit
                   FOR UPDATE SKIP LOCKED) d;
    ELSE
        SELECT array_agg(d.address), array_agg(d.instance_no) FILTER (WHERE d.started_at IS NOT NULL) INTO v_due, v_resumed
          FROM ROWS FROM (unnest(p_roles, p_lanes, p_shares, p_after)) AS l (role_oid, lane, share, after)
         CROSS JOIN LATERAL (
                SELECT q.ctid AS address, q.instance_no, q.started_at
                  FROM df.queue q
                 WHERE q.worker_id IS NULL AND q.submitted_by = l.role_oid AND q.lane = l.lane AND q.due_at <= v_now
                   AND (q.due_at, q.instance_no) > (p_least, COALESCE(l.after, 0))
                 ORDER BY q.due_at, q.instance_no
                 LIMIT l.share
                   FOR UPDATE SKIP LOCKED) d;
    END IF;
    RETURN QUERY
    WITH claimed AS (
        UPDATE df.queue q SET worker_id = p_worker, started_at = COALESCE(q.started_at, clock_timestamp()), waits = NULL
         WHERE q.ctid = ANY (v_due)
        RETURNING q.instance_no, q.started_at, q.lane
    ), taken AS (
        SELECT c.instance_no, c.started_at, COALESCE(c.instance_no = ANY (v_resumed), false) AS resumed, false AS held, c.lane
          FROM claimed c
        UNION ALL
        SELECT q.instance_no, q.started_at, true, true, q.lane FROM df.queue q
         WHERE q.instance_no = ANY (v_held) AND COALESCE(q.worker_id, 0) = p_worker
    )
    SELECT t.instance_no, s.id::text, g.graph_id, s.submitted_by::oid, r.rolname::text, r.rolsuper, t.resumed, s.input::text,
           s.label, s.vars::text, NULLIF(s.database, current_database()), s.workflow, t.started_at, clock_timestamp(),
           (SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = t.instance_no) IS NOT NULL,
           y.taken IS NOT DISTINCT FROM false,
           -- A fork, too, gives its waits and timeouts their time again.
           COALESCE(y.requested_at, CASE WHEN s.forked_from IS NOT NULL THEN s.created_at END), t.held, t.lane,
           CASE WHEN t.resumed AND NOT t.held
                THEN COALESCE((SELECT sum(df._json_size(c.result)) FROM df.checkpoints c WHERE c.instance_no = t.instance_no), 0) ELSE 0 END
           + COALESCE(pg_column_size(s.input), 0),
           s.traceparent,
           t.resumed AND (SELECT d.instance_no FROM df.deaths d WHERE d.instance_no = t.instance_no LIMIT 1) IS NOT NULL
      FROM taken t
     CROSS JOIN LATERAL (SELECT * FROM df.submissions s WHERE s.instance_no = t.instance_no OFFSET 0) s
      -- A graph serves only its owner's instances.
      LEFT JOIN LATERAL (SELECT * FROM df.graphs g WHERE g.graph_id = s.graph_id AND g.owner = s.submitted_by OFFSET 0) g ON true
      LEFT JOIN LATERAL (SELECT * FROM pg_roles r WHERE r.oid = s.submitted_by OFFSET 0) r ON true
      LEFT JOIN LATERAL (SELECT * FROM df.retries y WHERE y.instance_no = t.instance_no OFFSET 0) y ON true;
END
$function$;
COMMENT ON FUNCTION df._worker_claim(integer, integer, oid, oid[], smallint[], integer[], timestamptz, integer, bigint[]) IS
    'Internal: claims up to p_limit due instances, oldest first; only those of p_role unless it is NULL. With p_roles and p_lanes, claims '
    'up to p_shares from each of these lanes instead, oldest first, starting at p_least. In addition to the limit, returns instances that '
    'the worker already holds and that have something new. With p_wait, first waits until there may be '
    'something to claim, but no more milliseconds than that.';
