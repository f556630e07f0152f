-- Before anything was started: every view and function that looks answers, for the owner and for a user.
\pset format unaligned
SELECT * FROM df.metrics();
SET ROLE regress_user;
SELECT * FROM df.instances;
SELECT * FROM df.nodes;
SELECT * FROM df.running;
SELECT * FROM df.waiting;
SELECT * FROM df.failed;
SELECT * FROM df.list_instances();
SELECT * FROM df.history('00000000');
SELECT * FROM df.instance_info('00000000');
SELECT * FROM df.instance_nodes('00000000');
SELECT * FROM df.instance_executions('00000000');
RESET ROLE;
SELECT df.resume_restored();
-- A type of the extension's in somebody's table would hold up its updates.
SET ROLE regress_user;
CREATE TEMP TABLE t (e df._execution);
