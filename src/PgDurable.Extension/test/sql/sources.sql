-- Where the nodes of a graph were written: kept beside the graph, newest first, and shown with what failed.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
CREATE FUNCTION pg_temp.checkpoint(p_id text, p_node integer, p_error json) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO df.checkpoints (instance_no, started_at, seq, node, attempt, worker_id, path, result, error)
    SELECT s.instance_no, now(), p_node, p_node, 1, 1, '', CASE WHEN p_error IS NULL THEN '1'::json END, p_error
      FROM df.submissions s WHERE s.id = p_id;
END;
CREATE FUNCTION pg_temp.fail(p_id text, p_error json) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM df.queue q USING df.submissions s WHERE s.id = p_id AND q.instance_no = s.instance_no;
    INSERT INTO df.outcomes (instance_no, status, error) SELECT instance_no, 'failed', p_error FROM df.submissions WHERE id = p_id;
END;

SET ROLE regress_user;
SELECT df.start_graph('SELECT 1' ~> 'SELECT 1/0', label => 'sourced',
                      sources => '{Orders/Approve.cs:20,Orders/Approve.cs:21,Orders/Approve.cs:22}') AS id \gset
-- the same graph, whatever its sources
SELECT df.start('SELECT 1' ~> 'SELECT 1/0') IS NOT NULL;
SELECT count(*), min(g.sources::text) FROM df.graphs g WHERE graph = df.seq('SELECT 1', 'SELECT 1/0');
-- nothing is written for the same sources again, or for none
SELECT g.xmin AS before FROM df.graphs g WHERE graph = df.seq('SELECT 1', 'SELECT 1/0') \gset
SELECT df.start_graph(
    'SELECT 1' ~> 'SELECT 1/0', sources => '{Orders/Approve.cs:20,Orders/Approve.cs:21,Orders/Approve.cs:22}') IS NOT NULL;
SELECT g.xmin = :'before' FROM df.graphs g WHERE graph = df.seq('SELECT 1', 'SELECT 1/0');
-- the newest win, with gaps and fewer elements than nodes
SELECT df.start_graph('SELECT 1' ~> 'SELECT 1/0', sources => '{NULL,NULL,Orders/Approve.cs:42}') IS NOT NULL;
SELECT df.start_graph('SELECT 1' ~> 'SELECT 1/0', sources => '{}') IS NOT NULL;
SELECT df.start_graph('SELECT 1' ~> 'SELECT 1/0', sources => '{NULL,NULL,Orders/Approve.cs:43}') IS NOT NULL;
SELECT g.sources FROM df.graphs g WHERE graph = df.seq('SELECT 1', 'SELECT 1/0');
-- registered
SELECT df.register_workflow('sourced', 'SELECT 22', sources => '{a.cs:1}'),
       df.register_workflow('sourced', 'SELECT 22', sources => '{a.cs:2}'),
       df.register_workflow('sourced', 'SELECT 22');
SELECT g.sources FROM df.graphs g WHERE graph = df.sql('SELECT 22');

-- what is refused, for a graph that is new and for one that is known
SELECT df.start_graph('SELECT 3', sources => '{a.cs:1,a.cs:2}');
SELECT df.start_graph('SELECT 1' ~> 'SELECT 1/0', sources => '{a,b,c,d}');
SELECT df.register_workflow('sourced', 'SELECT 22', sources => '{a,b}');
SELECT df.start_graph('SELECT 3', sources => ARRAY[repeat('x', 1001)]);
SELECT df.start_graph('SELECT 3', sources => ARRAY[E'a.cs:1\n2']);
SELECT df.start_graph('SELECT 3', sources => ARRAY['']);
SELECT df.start_graph('SELECT 1' ~> 'SELECT 1/0', sources => ARRAY[NULL, ' ', E'\t']);
SELECT df.start_graph('SELECT 3', sources => '{{a.cs:1}}');
SELECT df.start_graph('SELECT 3', sources => '[0:0]={a.cs:1}');
SELECT df.start_graph('SELECT 3', sources => ARRAY[repeat('é', 1000)]) IS NOT NULL;

-- shown with what failed
RESET ROLE;
SELECT pg_temp.checkpoint(:'id', 1, NULL);
SELECT pg_temp.checkpoint(:'id', 2, '{"message":"division by zero","node":"00000002","step":"SELECT 1/0"}');
SELECT pg_temp.fail(:'id', '{"message":"division by zero","detail":"\u0000","node":"00000002","step":"SELECT 1/0"} ');
SET ROLE regress_user;
SELECT df.error(:'id');
SELECT message, source FROM df.failed WHERE label = 'sourced';
SELECT node, status, source FROM df.history(:'id');
SELECT rtrim(line) FROM regexp_split_to_table(replace(df.explain(:'id'), :'id', '<id>'), E'\n') line;
-- an error that names no node, or one of which nothing is known
SELECT df.start('SELECT 1' ~> 'SELECT 1/0') AS other \gset
RESET ROLE;
SELECT pg_temp.fail(:'other', '{"message":"x"}');
SET ROLE regress_user;
SELECT df.error(:'other');
RESET ROLE;
UPDATE df.outcomes o SET error = '{"message":"x","node":"00000001"}'
  FROM df.submissions s WHERE s.instance_no = o.instance_no AND s.id = :'other';
SELECT df.error(:'other');
UPDATE df.outcomes o SET error = '{"message":"x","node":"ffffffff"}'
  FROM df.submissions s WHERE s.instance_no = o.instance_no AND s.id = :'other';
SELECT df.error(:'other');
-- nobody else's
SET ROLE regress_http;
UPDATE df.graphs SET sources = '{mine}';
SELECT df.error(:'id');
RESET ROLE;
SELECT DISTINCT owner FROM df.graphs WHERE sources = '{mine}';
DELETE FROM df.registrations;
