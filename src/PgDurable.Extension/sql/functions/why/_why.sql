CREATE FUNCTION df._why(p_instance_no bigint, p_depth integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance record;
    v_workers  record;
    v_lines    text[] := '{}';
BEGIN
    SELECT s.id, s.created_at, s.start_at, o.status, o.completed_at, df._jsonb(o.error) AS error, q.worker_id, q.started_at, q.due_at,
           q.waits, q.undoing, q.instance_no IS NOT NULL AS unfinished, p.paused_at, p.paused_by
      INTO v_instance
      FROM df.submissions s
      LEFT JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.queue q ON q.instance_no = s.instance_no
      LEFT JOIN df.pauses p ON p.instance_no = s.instance_no
     WHERE s.instance_no = p_instance_no;
    IF NOT v_instance.unfinished THEN
        RETURN df._why_ended(p_instance_no, v_instance.status, v_instance.completed_at, v_instance.error);
    ELSIF v_instance.worker_id = 0 THEN
        RETURN 'It comes from a dump and is held: a superuser calls df.resume_restored() once the restore is complete.';
    END IF;

    IF v_instance.undoing THEN
        v_lines := v_lines || ('It was cancelled and undoes its steps first.' || COALESCE(
            (SELECT format(' Asked by %s %s: %s', c.requested_by, df._until(c.requested_at), df._one_line(c.reason))
               FROM df.cancellations c WHERE c.instance_no = p_instance_no AND NOT c.forced), ''));
    END IF;
    IF v_instance.paused_at IS NOT NULL THEN
        v_lines := v_lines || format('It is paused, by %s, since %s: df.resume(''%s'') lets it go on.',
            v_instance.paused_by, df._until(v_instance.paused_at), v_instance.id);
    END IF;
    SELECT * INTO v_workers FROM df._workers_seen();
    IF v_workers.workers = 0 THEN
        v_lines := v_lines || ('No worker is running' || COALESCE('; the last one was seen ' || df._until(v_workers.seen_at), '') || '.');
    END IF;
    IF v_instance.worker_id IS NOT NULL THEN
        v_lines := v_lines || df._why_running(p_instance_no);
    ELSE
        v_lines := v_lines || ARRAY(
            SELECT df._why_wait(p_instance_no, w.kind, w.name, w.until, w.node, w.path, p_depth)
              FROM df._waits(v_instance.waits, v_instance.due_at, v_instance.started_at, v_instance.paused_at) w
             WHERE w.kind <> 'PAUSED');
    END IF;
    RETURN array_to_string(v_lines, E'\n');
END
$function$;
COMMENT ON FUNCTION df._why(bigint, integer) IS 'Internal: df.why of an instance; the depth counts the parents that led to it.';
