-- Users see and write only what they submitted themselves; membership in the submitting role is not enough.
ALTER TABLE df.graphs ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.submissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.cancellations ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.outcomes ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.signals ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.wakeups ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.watches ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.pauses ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.retries ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.moves ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.published_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.vars ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.registrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.schedule_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.schedule_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.schedule_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.task_queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.task_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.task_watches ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.bulks ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.deletions ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.limits ENABLE ROW LEVEL SECURITY;
ALTER TABLE df._worker_epoch ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.workers ENABLE ROW LEVEL SECURITY;
ALTER TABLE df.deaths ENABLE ROW LEVEL SECURITY;

CREATE POLICY graphs_owner ON df.graphs
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY submissions_owner ON df.submissions
    -- In a subquery, so that it is looked up once and not for every row.
    USING (submitted_by OPERATOR(pg_catalog.=) (SELECT pg_catalog.quote_ident(current_user)::regrole))
    -- Anything larger than df.start allows would end up in a worker's memory, many rows at a time.
    WITH CHECK (submitted_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND COALESCE(GREATEST(pg_catalog.pg_column_size(input), pg_catalog.pg_column_size(vars)), 0) OPERATOR(pg_catalog.<=) 16777216);
CREATE POLICY cancellations_owner ON df.cancellations
    USING (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole)
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) cancellations.instance_no));
CREATE POLICY queue_owner ON df.queue FOR SELECT
    USING (submitted_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY checkpoints_owner ON df.checkpoints FOR SELECT
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) checkpoints.instance_no));
CREATE POLICY outcomes_owner ON df.outcomes FOR SELECT
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) outcomes.instance_no));
CREATE POLICY signals_owner ON df.signals
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) signals.instance_no))
    WITH CHECK (sent_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) signals.instance_no));
CREATE POLICY watches_owner ON df.watches
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) watches.instance_no));
CREATE POLICY pauses_owner ON df.pauses
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) pauses.instance_no));
-- Whoever paused the instance, for example a superuser: its role may resume it.
CREATE POLICY pauses_made ON df.pauses AS RESTRICTIVE FOR INSERT
    WITH CHECK (paused_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) pauses.instance_no));
CREATE POLICY retries_owner ON df.retries
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) retries.instance_no))
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) retries.instance_no));
CREATE POLICY moves_owner ON df.moves
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) moves.instance_no))
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) moves.instance_no));
CREATE POLICY published_state_owner ON df.published_state
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) published_state.instance_no))
    WITH CHECK (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) published_state.instance_no)
        AND pg_catalog.pg_column_size(value) OPERATOR(pg_catalog.<=) pg_catalog.pg_size_bytes(
            COALESCE(NULLIF(pg_catalog.current_setting('pg_durable.max_result_bytes', true), ''), '16MB')));
CREATE POLICY audit_parties ON df.audit FOR SELECT
    USING (role OPERATOR(pg_catalog.=) (SELECT pg_catalog.quote_ident(current_user)::regrole)
        OR owner OPERATOR(pg_catalog.=) (SELECT pg_catalog.quote_ident(current_user)::regrole));
CREATE POLICY tags_owner ON df.tags
    USING (submitted_by OPERATOR(pg_catalog.=) (SELECT pg_catalog.quote_ident(current_user)::regrole));
CREATE POLICY bulks_owner ON df.bulks
    USING (EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) bulks.instance_no))
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) bulks.instance_no));
CREATE POLICY deletions_owner ON df.deletions
    USING (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole)
    WITH CHECK (requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        AND EXISTS (SELECT FROM df.submissions s WHERE s.instance_no OPERATOR(pg_catalog.=) deletions.instance_no));
CREATE POLICY vars_user_isolation ON df.vars
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY registrations_owner ON df.registrations
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY schedule_entries_owner ON df.schedule_entries
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY schedule_runs_owner ON df.schedule_runs FOR SELECT
    USING (EXISTS (SELECT FROM df.schedule_entries e WHERE e.schedule_no OPERATOR(pg_catalog.=) schedule_runs.schedule_no));
CREATE POLICY limits_role ON df.limits FOR SELECT
    USING (role OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY task_grants_parties ON df.task_grants
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        OR grantee OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
-- Restrictive, so that a grantee, who sees the row, can't write it.
CREATE POLICY task_grants_made ON df.task_grants AS RESTRICTIVE FOR INSERT
    WITH CHECK (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY task_grants_removed ON df.task_grants AS RESTRICTIVE FOR UPDATE
    USING (owner OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY task_watches_watcher ON df.task_watches
    USING (watcher OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole);
CREATE POLICY task_queue_claimers ON df.task_queue
    USING (submitted_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole
        OR EXISTS (SELECT FROM df.task_grants g
                    WHERE g.owner OPERATOR(pg_catalog.=) task_queue.submitted_by AND g.name OPERATOR(pg_catalog.=) task_queue.name
                      AND g.grantee OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole))
    -- A result is limited by a setting: see df._task_ended.
    WITH CHECK (COALESCE(claimed_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole, true)
        AND COALESCE(pg_catalog.pg_column_size(progress), 0) OPERATOR(pg_catalog.<=) 8300
        AND COALESCE(pg_catalog.octet_length(message), 0) OPERATOR(pg_catalog.<=) 65536
        AND COALESCE(sqlstate OPERATOR(pg_catalog.~) '^[0-9A-Z]{5}$', true));
-- What has ended is for the worker.
CREATE POLICY task_queue_open ON df.task_queue AS RESTRICTIVE FOR UPDATE
    USING (ended_at IS NULL) WITH CHECK (true);
-- No policies for df.workers, df.deaths, df.wakeups, df.schedule_changes and df._worker_epoch: only the worker and superusers read them.
