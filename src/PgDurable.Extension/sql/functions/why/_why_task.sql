CREATE FUNCTION df._why_task(p_instance_no bigint, p_name text, p_node integer, p_path text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT COALESCE((
            SELECT format('It waits for activity "%s"%s: task %s, attempt %s, ', df._one_line(t.name, 60),
                          CASE t.queue WHEN 'default' THEN '' ELSE format(' in queue "%s"', df._one_line(t.queue, 60)) END,
                          t.task_no, t.attempt)
                || CASE WHEN t.ended_at IS NOT NULL THEN 'ended ' || df._until(t.ended_at) || '; a worker takes the result next'
                        WHEN t.held THEN 'is held while the instance is paused'
                        WHEN t.token IS NULL THEN format('unclaimed since %s: no application takes it', df._until(t.created_at))
                        WHEN t.claimed_by IS NULL AND t.lease_until > clock_timestamp()
                            THEN 'can be claimed again at ' || df._until(t.lease_until)
                        WHEN t.lease_until > clock_timestamp()
                            THEN format('claimed by %s since %s, delivery %s', t.claimed_by, df._until(t.claimed_at), t.delivery)
                        ELSE format('unclaimed since its lease ran out, %s; delivery %s did not end it',
                                    df._until(t.lease_until), t.delivery) END
                || COALESCE('; progress: ' || df._one_line(t.progress::text, 100), '') || '.'
              FROM df.task_queue t WHERE t.instance_no = p_instance_no AND t.node = p_node AND t.path = COALESCE(p_path, '')),
            format('It waits for activity "%s", whose task is about to be made.', p_name)));
END
$function$;
COMMENT ON FUNCTION df._why_task(bigint, text, integer, text) IS 'Internal: a wait for a task, for df.why.';
