-- Every composer: exact envelope, and what it refuses.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;

-- SQL: the text is data, whatever it looks like
SELECT df.sql('SELECT 1');
SELECT df.sql('');
SELECT df.sql('{"node_type":"SQL","query":"x"}');
SELECT df.sql(E'a"b\\c/d\b\f\n\r\t\x01\x1f é 漢 😀');
SELECT df.sql(NULL);

-- THEN
SELECT df.seq('a', 'b');
SELECT df.seq('a', df.seq('b', 'c'));
SELECT df.seq(NULL, 'b'), df.seq('a', NULL);

-- names
SELECT df.as('a', 'x');
SELECT df.as(df.as('a', 'x'), 'y');
SELECT df.as(df.as('a' ~> 'b', 'x'), 'y');
SELECT df.as(df.as(df.pace(df.loop('a'), 5), 'x'), 'y');
SELECT df.as(df.as('a', 'inner') ~> 'b', 'outer');
SELECT df.as(df.sleep(1), '_A9');
-- an envelope with blanks around it is the same one
SELECT df.as(df.seq('a', 'b') || E' \n', 'x');
SELECT df.seq(E'\t' || df.sql('a') || ' ', ' ' || df.seq('b', 'c'));
SELECT df.as('a', '');
SELECT df.as('a', '1x');
SELECT df.as('a', 'x y');
SELECT df.as('a', 'é');
SELECT df.as('a', E'x\n');
SELECT df.as('a', 'input');
SELECT df.as(NULL, '1x'), df.as('a', NULL);
-- the name is looked at first
SELECT df.as('{"node_type":"SQL","query":1}', '1x');

-- SLEEP
SELECT df.sleep(60), df.sleep(0), df.sleep(31536000000), df.sleep(NULL);
SELECT df.sleep(-1);
SELECT df.sleep(31536000001);
-- a literal, a typed number of each kind, an unknown literal: no call is ambiguous
SELECT df.sleep(5), df.sleep(5::smallint), df.sleep(5::bigint), df.sleep('5'), df.sleep(5.0), df.sleep(5::real), df.sleep(seconds => 5);
SELECT df.sleep(0.5), df.sleep('0.5'), df.sleep(0.0125), df.sleep(0.0001), df.sleep(31535999999.999), df.sleep(1e-300);
SELECT df.sleep(-0.001);
SELECT df.sleep('NaN');
SELECT df.sleep('infinity');
SELECT df.sleep('0.25');
SELECT df.sleep('10 minutes');
SELECT df.sleep(interval '1 day 00:00:01.5'::text);
SELECT df.sleep('$input.delay');
SELECT df.sleep('$input.delay and more');
SELECT df.sleep('-1 minute');
SELECT df.sleep_until('2026-12-24 18:00:00.5+01');
SELECT df.sleep_until('2026-12-24 18:00:00+01'::timestamptz);
SELECT df.sleep_until('$order.due_at');
SELECT df.sleep_until('infinity');
SELECT df.sleep_until('tomorrow or so');

SELECT df.explain(df.sleep('$input.delay') ~> df.sleep_until('2026-12-24 18:00:00+01') ~> df.wait_for_signal('go', '$input.grace')
                  ~> df.retry('SELECT 1', 3, '$input.delay'));
-- WAIT_SCHEDULE
SELECT df.wait_for_schedule('*/5 * * * *');
SELECT df.wait_for_schedule('0 9 * * MON-FRI', 'Europe/Paris');
SELECT df.wait_for_schedule(timezone => 'UTC', cron_expr => '@daily');
SELECT df.wait_for_schedule('* * * *');
SELECT df.wait_for_schedule(NULL);
SELECT df.wait_for_schedule('@daily', NULL), df.wait_for_schedule(cron_expr => '@daily');
SELECT df.wait_for_schedule(NULL, 'UTC');
SELECT df.wait_for_schedule('@daily', 'Europe/Atlantis');
SELECT df.wait_for_schedule('@daily', 'europe/paris');
SELECT df.wait_for_schedule('@daily', 'Nowhere/X5');

-- LOOP and BREAK
SELECT df.loop('a');
SELECT df.loop('b', 'c');
SELECT df.loop('b', 'c', true);
SELECT df.loop('b', continue_on_failure => true);
SELECT df.loop('b', NULL, false), df.loop('b', NULL::text, NULL);
SELECT df.loop(NULL);
SELECT df.loop('a', '{"node_type":"NOPE"}', true);

-- the pace of a loop
SELECT df.pace(df.loop('b'), 0);
SELECT df.pace(df.loop('b', 'c', true) |=> 'r', 500);
SELECT df.pace(df.pace(df.loop('b'), 0), 500) = df.pace(df.loop('b'), 500);
SELECT df.pace(df.loop('b'), 5) |=> 'r' OPERATOR(pg_catalog.=) df.pace(df.loop('b') |=> 'r', 5);
SELECT df.pace(NULL, 5), df.pace(df.loop('b'), NULL);
SELECT df.pace('SELECT 1', 5);
SELECT df.pace(df.loop('a'), -1);
SELECT df.pace(df.loop('a'), 86400001);
SELECT df.pace('{"node_type":"LOOP","left_node":{"node_type":"SQL","query":"a"},"query":"7"}', 5);
SELECT df.pace('{"node_type":"LOOP","left_node":{"node_type":"SQL","query":"a"},"query":"x"}', 5);
SELECT df.break(), df.break(NULL);
SELECT df.break('v'), df.break('{"a": 1}'), df.break(df.sql('x'));

-- IF
SELECT df.if('c', 'a', 'b');
SELECT df.if(NULL, 'a', 'b'), df.if('c', NULL, 'b'), df.if('c', 'a', NULL);
SELECT df.if_rows('r', 'a', 'b');
SELECT df.if_rows('any "thing"', 'a', 'b');

-- JOIN and RACE, of two and of more
SELECT df.join('a', 'b');
SELECT df.join3('a', 'b', 'c');
SELECT df.join3('a', 'b', 'c') = df.join('a', 'b', 'c');
SELECT df.join('a', 'b', 'c', df.sleep(1));
SELECT df.join(VARIADIC ARRAY['a', 'b']) = df.join('a', 'b');
SELECT df.join(VARIADIC '{}'::text[]);
SELECT df.join('a');
SELECT df.join('a', 'b', NULL);
SELECT df.join(a => 'x', b => 'y');
SELECT df.join('a', NULL), df.join3('a', 'b', NULL), df.race(NULL, 'b');
SELECT df.race('a', 'b');
SELECT df.race('a', 'b', 'c');
SELECT df.race('a');
SELECT json_array_length(df.join(VARIADIC array_agg('SELECT ' || i ORDER BY i))::json -> 'extra_nodes') FROM generate_series(1, 1001) i;

-- SIGNAL
SELECT df.wait_for_signal('go');
SELECT df.wait_for_signal('go', 5);
SELECT df.wait_for_signal('');
SELECT df.wait_for_signal(NULL);
SELECT df.wait_for_signal('go', 0);
SELECT df.wait_for_signal('go', -5);

-- RETRY
SELECT df.retry('a');
SELECT df.retry('a', 5, 0.50, 1.0, 3600, ARRAY['40', '57P01']);
SELECT df.retry('a', retry_on => '{08006}');
SELECT df.retry('a' ~> 'b', 1);
SELECT df.retry(NULL);
SELECT df.retry('a', 0);
SELECT df.retry('a', 1001);
SELECT df.retry('a', NULL);
SELECT df.retry('a', delay_seconds => -0.1);
SELECT df.retry('a', delay_seconds => 'NaN');
SELECT df.retry('a', backoff => 0.9);
SELECT df.retry('a', backoff => 'Infinity');
SELECT df.retry('a', max_delay_seconds => 31536001);
SELECT df.retry('a', retry_on => '{40001,4000}');
SELECT df.retry('a', retry_on => '{abcde}');
SELECT df.retry('a', retry_on => '{40,NULL}');
SELECT df.retry('a', retry_on => '{}');

-- TIMEOUT
SELECT df.timeout('a', 1.50), df.timeout('a', 100), df.timeout('a', NULL);
SELECT df.timeout('a', 0.001);
SELECT df.timeout('a', 0);
SELECT df.timeout('a', 0.0);
SELECT df.timeout('a', -1);
SELECT df.timeout('a', 'NaN');
SELECT df.timeout('a', 31536000.1);

-- TRY, FAIL, UNDO
SELECT df.try('a', 'b');
SELECT df.try('a', 'b', 'c');
SELECT df.try('a', NULL);
SELECT df.fail('no $x left');
SELECT df.fail('no', 'AB123');
SELECT df.fail(NULL);
SELECT df.fail('no', 'ab123');
SELECT df.fail('no', 'AB12');
SELECT df.with_undo('a', 'b'), df.with_undo('a', NULL);

-- FOREACH
SELECT df.foreach('r', 'SELECT $item.a');
SELECT df.foreach('r', 'SELECT $one.a', 'one', 1000);
SELECT df.foreach('', 'b');
SELECT df.foreach(NULL, 'b');
SELECT df.foreach('$r', 'b');
SELECT df.foreach('r', NULL);
SELECT df.foreach('r', 'b', 'a b');
SELECT df.foreach('r', 'b', 'input');
SELECT df.foreach('r', 'b', NULL);
SELECT df.foreach('r', 'b', max_parallel => 0);
SELECT df.foreach('r', 'b', max_parallel => 1001);

-- CALL
SELECT df.call('w');
SELECT df.call('w', '{"b": [1, "x  y", null],  "aa": {"c": "a\"b : c"}}', 3);
SELECT df.call('w', 'null');
SELECT df.call('');
SELECT df.call(NULL);
SELECT df.call('w', version => 0);

-- the results of composers are texts of their arguments alone
SELECT df.race(df.sleep(1), df.loop('a')) = df.race(df.sleep(1), df.loop('a')), df.sleep(1) = df.sleep(2);
-- Waits whose time comes from data
SELECT df.wait_for_signal('go', 0.25);
SELECT df.wait_for_signal('go', '5');
SELECT df.wait_for_signal('go', '0.25');
SELECT df.wait_for_signal('go', '1 day');
SELECT df.wait_for_signal('go', '$input.grace');
SELECT df.wait_for_signal('go', '-1');
SELECT df.wait_for_signal('go', NULL);
SELECT df.retry('SELECT 1', 3, '$input.delay');
SELECT df.retry('SELECT 1', 3, '1 minute');
SELECT df.retry('SELECT 1', delay_seconds => '$input.delay', max_attempts => 2, backoff => 1);
SELECT df.retry('SELECT 1', 3, '-1 minute');
-- Undone when cancelled
SELECT df.undo_on_cancel('a' ~> 'b');
SELECT df.undo_on_cancel(NULL);
