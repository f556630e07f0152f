-- df.audit: who asked for what.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET application_name = 'the regression test';
CREATE FUNCTION pg_temp.since(p_no bigint) RETURNS SETOF text LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT concat_ws('|', a.role, a.login = quote_ident(session_user)::regrole, a.owner, a.action,
                     CASE WHEN a.instance_id IS NOT NULL THEN '<id>' ELSE '-' END, COALESCE(a.name, '-'), COALESCE(a.detail, '-'), a.application)
      FROM df.audit a WHERE a.audit_no > p_no ORDER BY a.audit_no
$$;
SELECT COALESCE(max(audit_no), 0) AS before FROM df.audit \gset
SET ROLE regress_user;
SELECT df.start('SELECT 1') AS id \gset
SELECT count(*) FROM (SELECT df.pause(:'id'), df.resume(:'id'), df.pause(:'id')) x;
-- nothing to change
SELECT df.signal(:'id', 'go');
SELECT df.unschedule('no such schedule');
-- by hand
UPDATE df.pauses SET removed = true;
SELECT df.cancel(:'id', 'not needed') IS NOT NULL, df.cancel(:'id') IS NOT NULL;
SELECT df.register_workflow('audited', 'SELECT 1', 1), df.register_workflow('audited', 'SELECT 1', 1), df.register_workflow('audited', 'SELECT 2');
SELECT df.schedule('every hour', '0 * * * *', 'audited'), df.schedule('every hour', '0 * * * *', 'audited'), df.schedule('every hour', '1 * * * *', 'audited');
SELECT df.pause_schedule('every hour'), df.pause_schedule('every hour'), df.resume_schedule('every hour'), df.unschedule('every hour');
SELECT df.drop_workflow_version('audited', 2);
SELECT df.drop_workflow_version('audited', 1);
SELECT df.grant_tasks('charge', 'regress_http'), df.revoke_tasks('charge', 'regress_http');
SELECT df.start('SELECT 1') AS other \gset
SELECT * FROM pg_temp.since(:before);
-- a superuser: its name, on the owner's instance, which its owner sees
RESET ROLE;
SELECT max(audit_no) AS before FROM df.audit \gset
SELECT df.pause(:'other') IS NOT NULL;
SELECT df.resume(:'other') IS NOT NULL, df.terminate(:'other') IS NOT NULL;
SELECT df.set_limit('regress_user', 'signals', 10), df.set_limit('regress_user', 'signals', NULL);
SET client_min_messages = warning;
SELECT df.grant_usage('regress_user', include_http => false);
SELECT count(*) FROM (SELECT replace(x, current_user, '<superuser>') FROM pg_temp.since(:before) x) y;
SELECT replace(x, current_user, '<superuser>') FROM pg_temp.since(:before) x;
SET ROLE regress_user;
SELECT count(*) FROM pg_temp.since(:before);
SET ROLE regress_http;
SELECT count(*) FROM pg_temp.since(:before);
-- nobody writes it
SET ROLE regress_user;
INSERT INTO df.audit (role, owner, action) VALUES ('regress_http', 'regress_http', 'cancel');
UPDATE df.audit SET action = 'nothing';
DELETE FROM df.audit;
UPDATE df.pauses SET changed_by = 'regress_http';
SELECT df._audit('regress_http', 'grant_usage', 'regress_http', NULL, NULL);
RESET ROLE;
SELECT df._audit('regress_http', 'cancel', 'regress_http', NULL, NULL);
-- a request that is rolled back
SELECT max(audit_no) AS before FROM df.audit \gset
BEGIN;
SET ROLE regress_user;
SELECT df.register_workflow('rolled back', 'SELECT 1', 1);
ROLLBACK;
SELECT * FROM pg_temp.since(:before);
-- retention
BEGIN;
UPDATE df.audit SET at = at - interval '1 year' WHERE audit_no <= :before;
SELECT df._prune_audit(1), df._prune_audit(1000000) > 0, df._prune_audit(1000000);
ROLLBACK;
