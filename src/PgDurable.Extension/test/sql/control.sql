-- What users do to instances. No worker runs: everything stays as it was started.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SELECT df.target_database(), df.run(), df.run('x'), pg_typeof(df.run());
SET ROLE regress_user;
SELECT df.start('SELECT 1') AS id \gset
-- starting
SELECT df.start('SELECT 1', transaction_mode => 'maybe');
SET df.in_workflow = 'true';
SELECT df.start('SELECT 1', transaction_mode => 'NEW');
SELECT df.start('SELECT 1') IS NOT NULL;
RESET df.in_workflow;
SELECT df.start('SELECT 1', database => 'no such database');
SELECT df.start('SELECT 1', database => 'template1') AS elsewhere, df.start('SELECT 1', database => current_database()) AS here \gset
SELECT database FROM df.instances WHERE id = :'elsewhere';
SELECT database FROM df.instances WHERE id = :'here';
SELECT df.start_graph('SELECT 1', start_at => '-infinity');
-- signals: kept in order, as JSON or as a JSON string
SELECT df.signal(:'id', 'go'), df.signal(:'id', 'go', 'approve'), df.signal(:'id', 'Go!', ' {"a": [1.50]} '), df.signal(:'id', 'go', ''),
       df.signal(:'id', 'go', NULL);
SELECT g.name, g.data FROM df.signals g JOIN df.submissions s USING (instance_no) WHERE s.id = :'id' ORDER BY g.signal_no;
SELECT df.signal('', 'go');
SELECT df.signal(:'id', '');
SELECT df.signal('00000000', 'go');
-- what no step could use is refused when it is sent
SELECT df.signal(:'id', 'go', '{"a":"\u0000"}');
SELECT df.signal(:'id', 'go', '["\ud83d"]');
SELECT df.signal(:'id', 'go', '1e999999');
SELECT df.signal(:'id', 'go', '"\ud83d\ude42"'), df.signal(:'id', 'go', '\u0000'), df.signal(:'id', 'go', '{"a":"\u0000"');
SELECT df.start(df.loop(df.break('{"a":"\u0000"}')));
SELECT df.start_graph('SELECT 1', input => '{"a":"\u0000"}');
BEGIN;
SELECT df.signal(:'id', 'rolled back');
ROLLBACK;
SELECT count(*) FROM df.signals WHERE name = 'rolled back';
-- pause and resume
SELECT replace(df.pause(:'id'), :'id', '<id>');
SELECT count(*) FROM df.pauses;
\set VERBOSITY sqlstate
SELECT df.pause(:'id');
\set VERBOSITY default
SELECT df.status(:'id'), replace(df.resume(:'id'), :'id', '<id>');
\set VERBOSITY sqlstate
SELECT df.resume(:'id');
SELECT df.retry_instance(:'id');
\set VERBOSITY default
SELECT df.pause('00000000');
SELECT df.resume('00000000');
SELECT df.retry_instance('00000000');
SELECT df.cancel('00000000');
SELECT df.pause(NULL), df.resume(NULL), df.retry_instance(NULL), df.cancel(:'id', NULL);
RESET ROLE;
-- others' instances are not there
SET ROLE regress_http;
\set VERBOSITY sqlstate
SELECT df.signal(:'id', 'go');
SELECT df.pause(:'id');
SELECT df.cancel(:'id');
SELECT df.retry_instance(:'id');
\set VERBOSITY default
SELECT count(*) FROM df.signals;
RESET ROLE;
SET ROLE regress_user;
-- cancelling; rolled back it has not happened
BEGIN;
SELECT replace(df.cancel(:'id', 'why not'), :'id', '<id>'), df.status(:'id');
SELECT df.status(:'id');
ROLLBACK;
SELECT df.status(:'id');
SELECT replace(df.cancel(:'id'), :'id', '<id>');
SELECT df.status(:'id'), df.error(:'id');
SELECT count(*) FROM df.signals g JOIN df.submissions s USING (instance_no) WHERE s.id = :'id';
-- an ended instance: signals and another cancellation have no effect, the rest is an error that names the state
SELECT df.signal(:'id', 'go'), replace(df.cancel(:'id', 'again'), :'id', '<id>'), df.error(:'id');
SELECT count(*) FROM df.signals g JOIN df.submissions s USING (instance_no) WHERE s.id = :'id';
DO $$ BEGIN PERFORM df.pause(id) FROM df.instances WHERE status = 'cancelled';
EXCEPTION WHEN SQLSTATE 'DF015' THEN RAISE NOTICE '%', substr(SQLERRM, 19); END $$;
DO $$ BEGIN PERFORM df.resume(id) FROM df.instances WHERE status = 'cancelled';
EXCEPTION WHEN SQLSTATE 'DF015' THEN RAISE NOTICE '%', substr(SQLERRM, 19); END $$;
DO $$ BEGIN PERFORM df.retry_instance(id) FROM df.instances WHERE status = 'cancelled';
EXCEPTION WHEN SQLSTATE 'DF015' THEN RAISE NOTICE '%', substr(SQLERRM, 19); END $$;
SELECT df.await_instance(:'id'), df.wait_for_completion(:'id');
-- one that can't end before this transaction does; the savepoint is a transaction of its own to PostgreSQL
CREATE FUNCTION pg_temp.hint(p_id text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_hint text;
BEGIN
    PERFORM df.await_instance(p_id, 1);
EXCEPTION WHEN SQLSTATE 'DF004' THEN
    GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT;
    RETURN v_hint;
END $$;
SELECT pg_temp.hint(:'here');
BEGIN;
SAVEPOINT s;
SELECT df.signal(:'here', 'go');
RELEASE s;
SELECT pg_temp.hint(:'here');
ROLLBACK;
BEGIN;
SELECT df.cancel(:'here') IS NOT NULL, df.await_instance(:'here');
ROLLBACK;
SELECT df.signal(:'here', 'go');
SELECT pg_temp.hint(:'here');
SET df.in_workflow = 'true';
SELECT df.await_instance(:'id');
RESET df.in_workflow;
-- a failed instance goes back into the queue, once
RESET ROLE;
WITH q AS (DELETE FROM df.queue WHERE instance_no = (SELECT instance_no FROM df.submissions WHERE id = :'here') RETURNING instance_no)
INSERT INTO df.outcomes (instance_no, status, error) SELECT instance_no, 'failed', '{"message": "no"}' FROM q;
SET ROLE regress_user;
SELECT df.status(:'here'), replace(df.retry_instance(:'here'), :'here', '<id>');
SELECT df.status(:'here'), df.error(:'here');
\set VERBOSITY sqlstate
SELECT df.retry_instance(:'here');
RESET ROLE;
