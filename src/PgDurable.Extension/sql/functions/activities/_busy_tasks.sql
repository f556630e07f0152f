-- Locks the others, so that nobody claims or completes them before the timeout that they belong to is recorded.
CREATE FUNCTION df._busy_tasks(p_records json, p_instances bigint[]) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_locked bigint[];
BEGIN
    v_locked := ARRAY(
        SELECT f.task_no
          FROM json_to_recordset(p_records) AS r (instance bigint, expire_tasks json)
         CROSS JOIN LATERAL json_to_recordset(r.expire_tasks) AS x (node integer, path text)
         CROSS JOIN LATERAL (
                SELECT t.task_no FROM df.task_queue t
                 WHERE t.instance_no = r.instance AND t.node = x.node AND t.path = x.path AND t.ended_at IS NULL
                   FOR UPDATE SKIP LOCKED) f
         WHERE r.instance = ANY (p_instances));
    RETURN ARRAY(
        SELECT DISTINCT t.instance_no
          FROM json_to_recordset(p_records) AS r (instance bigint, expire_tasks json)
         CROSS JOIN LATERAL json_to_recordset(r.expire_tasks) AS x (node integer, path text)
          JOIN df.task_queue t ON t.instance_no = r.instance AND t.node = x.node AND t.path = x.path
         WHERE r.instance = ANY (p_instances) AND t.task_no <> ALL (v_locked));
END
$function$;
COMMENT ON FUNCTION df._busy_tasks(json, bigint[]) IS
    'Internal: of these instances, those with a task whose time is up but that has ended, or that somebody is about to end.';
