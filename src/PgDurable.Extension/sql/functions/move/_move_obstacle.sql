-- The key that an activity or a request passes on to other systems is made of the node's number. It must not change between two attempts.
CREATE FUNCTION df._move_obstacle(p_instance bigint, p_tree df._step[], p_counterparts integer[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(p_counterparts) WITH ORDINALITY c (node, n) WHERE c.node <> c.n - 1) THEN
        RETURN NULL;
    ELSIF (SELECT q.waits FROM df.queue q WHERE q.instance_no = p_instance) IS NULL THEN
        RETURN 'its worker went away or it was moved just now: try again once a worker has had it';
    END IF;
    RETURN (SELECT format('step %s is under way, and its idempotency key would change: try again once it has ended', df._called(n))
              FROM unnest(p_tree) n
             WHERE n.node_type IN ('HTTP', 'HTTP_JSON', 'HTTP_MULTIPART', 'ACTIVITY')
               AND (EXISTS (SELECT FROM df.task_queue t WHERE t.instance_no = p_instance AND t.node = n.node)
                    OR EXISTS (SELECT FROM df.queue q CROSS JOIN LATERAL json_to_recordset(q.waits) AS w (node integer, kind text)
                                WHERE q.instance_no = p_instance AND w.kind = 'RETRY'
                                  AND n.node BETWEEN w.node AND p_tree[w.node + 1].last))
             LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._move_obstacle(bigint, df._step[], integer[]) IS
    'Internal: why the nodes of an instance can''t get other numbers now; NULL if they can, or if they keep theirs.';
