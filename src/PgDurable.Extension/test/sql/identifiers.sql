-- Roles, labels, names and texts that need quoting somewhere.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET client_min_messages = warning;
CREATE ROLE "regress User";
CREATE ROLE "regress""quote";
CREATE ROLE "regress.dot'";
SELECT count(df.grant_usage(r)) FROM unnest(ARRAY['regress User', 'regress"quote', 'regress.dot''']) r;
RESET client_min_messages;

SET ROLE "regress User";
SELECT df.start('SELECT 1' ~> 'SELECT 2') ~ '^[0-9a-f]{8}$';
SELECT count(*) FROM df.submissions;
RESET ROLE;
SET ROLE "regress""quote";
SELECT df.start('SELECT ''it''''s $$ "odd" \ text''' |=> 'Name_1', E'a label with '' " \\ \n and é') ~ '^[0-9a-f]{8}$';
SELECT s.label, g.graph FROM df.submissions s JOIN df.graphs g USING (graph_id);
RESET ROLE;
SET ROLE "regress.dot'";
SELECT count(*) FROM df.submissions;
SELECT df.as('a', 'select'), df.as('a', '_'), df.as('a', repeat('x', 100));
SELECT df.wait_for_signal('any "name" {x} $y'), df.call('a "workflow"''s name'), df.if_rows('Ünïcode', 'a', 'b');
SELECT rtrim(df.explain(df.sql('%s %I $1 {x} \1 &')));
SELECT df.as('%s', '%I');
SELECT df.seq('{"node_type":"%s"}', 'a');
RESET ROLE;
SET client_min_messages = warning;
SELECT count(df.revoke_usage(r)) FROM unnest(ARRAY['regress User', 'regress"quote', 'regress.dot''']) r;
SELECT has_schema_privilege(r, 'df', 'USAGE'), has_function_privilege(r, 'df.sql(text)', 'EXECUTE')
  FROM unnest(ARRAY['regress User', 'regress"quote', 'regress.dot''']) r;
