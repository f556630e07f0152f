-- Registered workflows: immutable versions, one name space for each role.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;
SELECT df.register_workflow('w', 'SELECT 1', description => 'first'), df.register_workflow('w', 'SELECT 1'),
       df.register_workflow('w', df.sql('SELECT 1'));
SELECT df.register_workflow('w', 'SELECT 2');
SELECT df.register_workflow('w', 'SELECT 1'), df.register_workflow('w', 'SELECT 1', 1), df.register_workflow('w', 'SELECT 3', 7);
\set VERBOSITY terse
SELECT df.register_workflow('w', 'SELECT 3', 1);
SELECT df.register_workflow('w', 'SELECT 1', 2);
\set VERBOSITY default
-- replaced only where that is asked for
SELECT df.register_workflow('draft', 'SELECT 1', 1, 'first'), df.register_workflow('draft', 'SELECT 2', 2);
SELECT df.start_workflow('draft', version => 1) AS early \gset
SELECT df.register_workflow('draft', 'SELECT 9', 1, 'second', '{a.cs:9}', replace => true),
       df.register_workflow('draft', 'SELECT 2', 2, 'not written', replace => true),
       df.register_workflow('draft', 'SELECT 3', 3, replace => true);
SELECT r.version, r.description, g.graph, g.sources FROM df.registrations r JOIN df.graphs g USING (graph_id) WHERE r.workflow = 'draft'
 ORDER BY 1;
SELECT df.start_workflow('draft', version => 1) AS late \gset
SELECT g.graph FROM df.submissions s JOIN df.graphs g USING (graph_id) WHERE s.id IN (:'early', :'late') ORDER BY s.instance_no;
SELECT df.cancel(:'early') IS NULL, df.cancel(:'late') IS NULL;
SELECT df.register_workflow('draft', 'SELECT 9', replace => true);
\set VERBOSITY terse
SELECT df.register_workflow('draft', 'SELECT 10', 1, replace => NULL);
SELECT df.register_workflow('draft', 'OK', 1, replace => true);
\set VERBOSITY default
SELECT df.drop_workflow_version('draft', v) FROM generate_series(1, 3) v;
SELECT df.register_workflow('w', 'SELECT 4'), df.register_workflow('W', 'SELECT 4');
SELECT workflow, owner, version, content_hash = encode(
    sha256(convert_to(df.sql('SELECT ' || CASE version WHEN 7 THEN 3 WHEN 8 THEN 4 ELSE version END), 'UTF8')), 'hex'),
       description, registered_at IS NOT NULL, registered_by, source, running
  FROM df.workflow_versions ORDER BY workflow COLLATE "C", version;
SELECT workflow, owner, latest_version, versions, description, registered_at IS NOT NULL, running
  FROM df.workflows ORDER BY workflow COLLATE "C";
-- what can't be registered
SELECT df.register_workflow('', 'SELECT 1');
SELECT df.register_workflow(NULL, 'SELECT 1');
SELECT df.register_workflow('x', NULL);
SELECT df.register_workflow('x', 'SELECT 1', 0);
SELECT df.register_workflow('x', '{"node_type":"THEN"}');
SELECT df.register_workflow('x', 'OK');
-- the newest, unless told which
SELECT df.start_workflow('w', '{"a": 1}', 'a label') AS newest, df.start_workflow(version => 1, name => 'w') AS first \gset
SELECT s.workflow, s.workflow_version, s.label, s.input, g.graph FROM df.submissions s JOIN df.graphs g USING (graph_id)
 WHERE s.id IN (:'newest', :'first') ORDER BY s.workflow_version;
SELECT df.start_workflow('w', idempotency_key => 'k') = df.start_workflow('w', idempotency_key => 'k', version => 2);
SELECT df.start_workflow('w', version => 3);
SELECT df.start_workflow('unknown');
SELECT df.start_workflow(NULL);
SELECT df.start_workflow('w', start_at => 'infinity');
SELECT df.start_workflow('w', start_at => '2100-01-01 00:00Z') AS later \gset
SELECT q.due_at AT TIME ZONE 'UTC' FROM df.queue q JOIN df.submissions s USING (instance_no) WHERE s.id = :'later';
-- what runs is counted, and keeps its version from being dropped
SELECT version, running FROM df.workflow_versions WHERE running > 0 ORDER BY 1;
SELECT workflow, latest_version, running FROM df.workflows WHERE running > 0;
SELECT df.drop_workflow_version('w', 8);
SELECT df.drop_workflow_version('w', 1);
SELECT count(df.cancel(id)) FROM df.instances WHERE workflow = 'w' AND workflow_version = 8 AND id <> :'newest';
SELECT df.drop_workflow_version('w', 8);
SELECT count(df.cancel(id)) FROM df.instances WHERE workflow = 'w' AND workflow_version = 8 AND status = 'pending';
-- a dropped version starts nothing
SELECT df.drop_workflow_version('w', 8), df.drop_workflow_version('w', NULL);
SELECT df.drop_workflow_version('w', 8);
SELECT df.register_workflow('w', 'SELECT 4');
SELECT df.status(:'newest');
UPDATE df.registrations SET graph_id = 1;
UPDATE df.workflows SET description = 'x';
RESET ROLE;
-- nobody else's
SET ROLE regress_http;
SELECT count(*) FROM df.workflows;
SELECT count(*) FROM df.workflow_versions;
SELECT df.start_workflow('w');
SELECT df.drop_workflow_version('w', 1);
INSERT INTO df.registrations (owner, workflow, version, graph_id) VALUES ('regress_user', 'w', 99, 1);
SELECT df.register_workflow('w', 'SELECT 5');
SELECT df.register_workflow('w', 'SELECT 6', 1, replace => true);
RESET ROLE;
SELECT workflow, owner, latest_version, versions FROM df.workflows ORDER BY workflow COLLATE "C", owner::text;
SET ROLE regress_nobody;
SELECT df.register_workflow('w', 'SELECT 1');
RESET ROLE;
DELETE FROM df.registrations;
