-- Writing means asking for something in one's own name; row security checks the name. Only the worker writes what became of it.
--
-- No right on a whole table except SELECT: LOCK TABLE requires INSERT, UPDATE, DELETE or TRUNCATE on all of it, and whoever may lock a
-- table can stop everybody else.
CREATE FUNCTION df._user_privileges() RETURNS TABLE (privilege text, relation regclass)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    -- Nothing can be inserted here, but other programs check that a role has these rights before they start anything as that role.
    VALUES ('SELECT, INSERT (id, label, root_node, submitted_by, database)', 'df.instances'::regclass),
           ('SELECT, INSERT (id, instance_id, node_type, query, result_name, left_node, right_node, submitted_by, database)',
               'df.nodes'::regclass),
           ('SELECT', 'df.running'::regclass),
           ('SELECT', 'df.waiting'::regclass),
           ('SELECT', 'df.failed'::regclass),
           ('SELECT', 'df.failures'::regclass),
           ('SELECT', 'df.workflows'::regclass),
           ('SELECT', 'df.workflow_versions'::regclass),
           ('SELECT', 'df.schedules'::regclass),
           ('SELECT, INSERT (graph, sources), UPDATE (sources)', 'df.graphs'::regclass),
           ('SELECT, INSERT (label, graph_id, input, idempotency_key, start_at, database, vars, workflow, workflow_version, '
            'forked_from, forked_node)',
               'df.submissions'::regclass),
           ('SELECT', 'df.queue'::regclass),
           ('SELECT', 'df.checkpoints'::regclass),
           ('SELECT', 'df.outcomes'::regclass),
           ('SELECT, INSERT (instance_no, reason, forced)', 'df.cancellations'::regclass),
           ('SELECT, INSERT (instance_no, name, data)', 'df.signals'::regclass),
           ('SELECT, INSERT (instance_no)', 'df.watches'::regclass),
           ('SELECT, INSERT (instance_no), UPDATE (removed)', 'df.pauses'::regclass),
           ('SELECT, INSERT (instance_no)', 'df.retries'::regclass),
           ('SELECT, INSERT (instance_no, version)', 'df.moves'::regclass),
           ('SELECT, INSERT (instance_no, value), UPDATE (published_at, value)', 'df.published_state'::regclass),
           ('SELECT', 'df.audit'::regclass),
           ('SELECT, INSERT (instance_no, key, value), UPDATE (value, removed)', 'df.tags'::regclass),
           ('SELECT, INSERT (instance_no, action, query, reason, signal_name, signal_data, batch_size)', 'df.bulks'::regclass),
           ('INSERT (instance_no, reason)', 'df.deletions'::regclass),
           ('SELECT, INSERT (name, value), UPDATE (value, removed)', 'df.vars'::regclass),
           ('SELECT, INSERT (workflow, version, graph_id, description), UPDATE (removed)', 'df.registrations'::regclass),
           ('SELECT, INSERT (name, cron, timezone, workflow, version, input, overlap, catch_up, jitter_seconds), '
            'UPDATE (cron, timezone, workflow, version, input, overlap, catch_up, jitter_seconds, paused, removed)',
            'df.schedule_entries'::regclass),
           ('SELECT', 'df.schedule_runs'::regclass),
           -- Whoever may claim a task sees what it needs for it; the result is for the instance's role, in the instance's nodes.
           ('SELECT (task_no, instance_no, created_at, deadline, claimed_at, lease_until, ended_at, token, idempotency_key, submitted_by, '
            'claimed_by, node, attempt, delivery, lane, held, instance_id, path, name, queue, input, progress), '
            'UPDATE (claimed_at, lease_until, ended_at, token, claimed_by, delivery, retryable, progress, result, message, sqlstate)',
            'df.task_queue'::regclass),
           ('SELECT', 'df.tasks'::regclass),
           ('SELECT, INSERT (name, grantee), UPDATE (removed)', 'df.task_grants'::regclass),
           ('SELECT, INSERT (name, queue)', 'df.task_watches'::regclass),
           ('SELECT', 'df.limits'::regclass)
$function$;
COMMENT ON FUNCTION df._user_privileges() IS 'Internal: the rights on tables and views that df.grant_usage grants.';
