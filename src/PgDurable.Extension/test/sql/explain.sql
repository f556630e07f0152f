-- df.explain of graphs and of expressions. The lines are padded with blanks: shown here without, but for the first tree.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;
CREATE FUNCTION pg_temp.tree(p_input text) RETURNS SETOF text LANGUAGE sql SET search_path = pg_catalog, pg_temp
    RETURN rtrim(regexp_split_to_table(df.explain(p_input), E'\n'));
SELECT '[' || line || ']' FROM regexp_split_to_table(df.explain('SELECT 1' ~> 'SELECT 12345' |=> 'x' ~> df.sleep(5)), E'\n') line;

-- the worked example
SELECT pg_temp.tree($x$'SELECT 1' |=> 'a' ~> df.join3('SELECT 2' ~> df.if('SELECT true', df.break('stop here please, now'), 'SELECT 3'),
    df.wait_for_signal('go', 60) | df.sleep(5), 'SELECT 4') 
    ~> df.loop(df.wait_for_schedule('*/5 * * * *') ~> 'SELECT 5', 'SELECT $a < 3')$x$);
-- every type, and names
SELECT pg_temp.tree(df.wait_for_signal('s') |=> 'n' ~> df.wait_for_schedule('@daily', 'Europe/Paris') ~> (@> df.break())
    ~> (df.if_rows('n', 'a', 'b') |=> 'i'));
SELECT pg_temp.tree(df.race('a', 'b', 'c') |=> 'hidden');
SELECT pg_temp.tree(df.join('a' |=> 'x', 'b') |=> 'j' ~> (('a' ~> 'b') |=> 'gone'));
SELECT pg_temp.tree(df.try(df.retry('a' <-> 'b', 5), df.fail('nothing is left of $x'), df.timeout(df.call('w', version => 2) |=> 'c', 2.5))
    ~> ('SELECT 1' |=> 'r')
    ~> df.foreach('r', 'SELECT $item.a') ~> df.call('v') ~> df.fail('short'));
SELECT pg_temp.tree('{"node_type":"HTTP","query":"{\"url\":\"https://example.com/' || repeat('x', 30) || '\",\"method\":\"GET\"}"}');
SELECT pg_temp.tree('{"node_type":"HTTP_JSON","query":"{\"url\":\"https://example.com/\",\"method\":\"POST\"}","result_name":"h"}');
SELECT pg_temp.tree('{"node_type":"BREAK","query":"{\"message\":\"not what it breaks with\"}"}');
-- chains, on both sides and in branches
SELECT pg_temp.tree(df.seq('a' ~> 'b', 'c' ~> ('d' ~> 'e')) & 'f');
SELECT pg_temp.tree(df.loop('a' ~> df.loop('b' ~> 'c') ~> 'd') ~> 'e');
SELECT pg_temp.tree(df.loop('a' ~> df.loop('b', 'c', true), NULL, true) |=> 'r' ~> df.sleep(0.5));
-- cut by characters
SELECT pg_temp.tree(repeat('é', 50)::text ~> repeat('漢', 51));
SELECT pg_temp.tree(@> df.break(repeat('😀', 20)) & df.break(repeat('😀', 21)));
-- statements of several lines
SELECT '[' || line || ']' FROM regexp_split_to_table(df.explain(E'SELECT 1,\n       2\n' ~> E'SELECT 3  \n\n'), E'\n') line;
-- counted by tests of the reference
SELECT count(*)
  FROM regexp_matches(df.explain((SELECT string_agg('''SELECT ' || i || '''', ' ~> ') FROM generate_series(1, 130) i)), '→', 'g');

-- what it takes for what
SELECT df.explain('deadbeef');
SELECT df.explain(' DEADBEEF ');
SELECT pg_temp.tree('  SELECT 1  ');
SELECT pg_temp.tree(k || ' x') FROM unnest('{insert,Update,DELETE,WITH,CREATE,ALTER,DROP,CALL,DO,TRUNCATE,GRANT,REVOKE,EXPLAIN}'::text[]) k;
SELECT pg_temp.tree(E'select\n1');
SELECT df.explain(E'SELECT\t1');
SELECT df.explain(E'DROP\nTABLE x');
SELECT df.explain('hello');
SELECT df.explain('');
SELECT df.explain(NULL);
SELECT df.explain('c' ?> 'a');
SELECT df.explain('{"node_type":"THEN","left_node":"a"}');
SELECT df.explain('{"node_type":"SQL"');
SELECT df.explain($x$'c' ?> 'a'$x$);
SELECT df.explain($x$df.seq('a', NULL)$x$);
SELECT df.explain($x$df.version()$x$) ~ '^Failed to parse Durofut JSON: ';
SELECT pg_temp.tree($x$'a' <-> 'b'$x$);
SELECT pg_temp.tree($x$SELECT point '(0,0)' <-> point '(3,4)'$x$);
SELECT df.explain($x$SELECT df.version()$x$);
SELECT df.explain($x$df.no_such_function()$x$);
SELECT df.explain($x$'a' ~> $x$);
SELECT df.explain('{"node_type":"NOT_A_NODE"}');
SELECT df.explain($x$df.seq('a', '{"node_type":"THEN"}')$x$);

-- an expression is evaluated with the caller's search_path, which then is what it was
CREATE FUNCTION pg_temp.flow() RETURNS text LANGUAGE sql RETURN df.seq('a', 'b');
SET search_path = public;
SELECT df.explain($x$pg_temp.flow() ~> 'c'$x$) ~ 'SQL: c';
CREATE TEMPORARY TABLE flows AS SELECT 'x' ~> 'y' AS flow;
SELECT df.explain($x$(SELECT flow FROM flows) ~> 'z'$x$) ~ 'SQL: y';
SHOW search_path;
