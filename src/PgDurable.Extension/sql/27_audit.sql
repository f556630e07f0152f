-- Who asked for what. Triggers on the requests write it, so that no way around the functions leaves it out, and no user writes it.

CREATE TABLE df.audit (
    audit_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    role         regrole NOT NULL,
    login        regrole NOT NULL DEFAULT pg_catalog.quote_ident(session_user)::regrole,
    owner        regrole NOT NULL,
    action       text NOT NULL,
    instance_id  varchar(8),
    name         text,
    detail       text,
    application  text DEFAULT NULLIF(pg_catalog.current_setting('application_name', true), ''),
    client       inet DEFAULT pg_catalog.inet_client_addr()
);
COMMENT ON TABLE df.audit IS
    'Who changed what on request: cancellations, retries, pauses, forks, moves, workflows, schedules and rights. You see '
    'what you did, and what others did to what is yours.';
COMMENT ON COLUMN df.audit.audit_no IS 'Ascending.';
COMMENT ON COLUMN df.audit.at IS 'When.';
COMMENT ON COLUMN df.audit.role IS 'The role that asked (current_user).';
COMMENT ON COLUMN df.audit.login IS 'The role that was logged in (session_user); for a step, the role that it runs as.';
COMMENT ON COLUMN df.audit.owner IS 'The role that the instance, workflow, schedule or right belongs to.';
COMMENT ON COLUMN df.audit.action IS
    'cancel, terminate, retry, pause, resume, fork, move, delete, bulk; register, drop_version; schedule, unschedule, pause_schedule, '
    'resume_schedule; grant_tasks, revoke_tasks, grant_usage, revoke_usage, set_limit; resume_restored.';
COMMENT ON COLUMN df.audit.instance_id IS 'The instance, which retention may have removed since.';
COMMENT ON COLUMN df.audit.name IS 'The workflow, schedule, activity or limit; the action of a bulk.';
COMMENT ON COLUMN df.audit.detail IS 'The reason, version, cron expression or grantee; the count and the query of a bulk.';
COMMENT ON COLUMN df.audit.application IS 'application_name of the session, which the session chooses.';
COMMENT ON COLUMN df.audit.client IS 'The client''s address; NULL for a local socket.';
