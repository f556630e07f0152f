-- The key is made only of what is on disk before any worker sees the instance: see df._worker_created_at.
CREATE FUNCTION df._record_tasks(p_records json, p_instances bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_told bigint;
BEGIN
    WITH started AS (
        INSERT INTO df.task_queue (instance_no, node, path, submitted_by, instance_id, name, queue, lane, attempt, deadline, input,
                                   idempotency_key, held)
        SELECT r.instance, t.node, t.path, s.submitted_by, s.id, t.name, COALESCE(t.queue, 'default'),
               (SELECT q.lane FROM df.queue q WHERE q.instance_no = r.instance), t.attempt, t.deadline,
               COALESCE(t.input, t.input_text::json, 'null'),
               encode(substring(sha256(convert_to(
                   format('%s|%s|%s|%s', s.id, extract(epoch FROM s.created_at), t.node, t.key_path), 'UTF8')) FOR 16), 'hex')::uuid,
               (SELECT p.instance_no FROM df.pauses p WHERE p.instance_no = r.instance) IS NOT NULL
          FROM json_to_recordset(p_records) AS r (instance bigint, start_tasks json)
         CROSS JOIN LATERAL json_to_recordset(r.start_tasks)
               AS t (node integer, path text, name text, queue text, attempt integer, key_path text, deadline timestamptz, input json,
                     input_text text)
          JOIN df.submissions s ON s.instance_no = r.instance
         WHERE r.instance = ANY (p_instances)
        -- After a crash the same task is asked for again.
        ON CONFLICT DO NOTHING
        RETURNING submitted_by, name, queue
    ), told AS (
        DELETE FROM df.task_watches w
         WHERE w.ctid = ANY (ARRAY(
                SELECT f.ctid
                  FROM (SELECT DISTINCT * FROM started) s
                  JOIN df.task_watches f ON f.name = s.name AND f.queue = s.queue
                 WHERE f.watcher = s.submitted_by
                    OR EXISTS (SELECT FROM df.task_grants g WHERE g.owner = s.submitted_by AND g.name = s.name AND g.grantee = f.watcher)))
        RETURNING w.name
    )
    SELECT count(df._notify('df_task', t.name)::text) INTO v_told FROM (SELECT DISTINCT name FROM told) t;
    DELETE FROM df.task_queue t
     WHERE t.ctid = ANY (ARRAY(
            SELECT f.ctid
              FROM json_to_recordset(p_records) AS r (instance bigint, end_tasks json, expire_tasks json)
             CROSS JOIN LATERAL (SELECT * FROM json_to_recordset(r.end_tasks) AS e (node integer, path text)
                                 UNION ALL
                                 SELECT * FROM json_to_recordset(r.expire_tasks) AS e (node integer, path text)) e
             CROSS JOIN LATERAL (
                    SELECT f.ctid FROM df.task_queue f WHERE f.instance_no = r.instance AND f.node = e.node AND f.path = e.path
                       FOR UPDATE SKIP LOCKED) f
             WHERE r.instance = ANY (p_instances)));
END
$function$;
COMMENT ON FUNCTION df._record_tasks(json, bigint[]) IS
    'Internal: the part of df._worker_record for tasks: makes new ones, and removes those whose end the instance has taken or that are no '
    'longer wanted.';
