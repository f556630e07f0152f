-- Operators: what they stand for, how expressions group, and that built-in ones are left alone.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'

SELECT o.oprname, o.oprnamespace::regnamespace, o.oprkind, format_type(o.oprleft, NULL), format_type(o.oprright, NULL),
       format_type(o.oprresult, NULL),
       o.oprcode::regprocedure, o.oprcom, o.oprnegate, o.oprrest, o.oprjoin
  FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
 WHERE p.pronamespace = 'df'::regnamespace
 ORDER BY o.oprname COLLATE "C";

SET ROLE regress_user;
SELECT ('a' ~> 'b') = df.seq('a', 'b'),
       ('a' |=> 'x') = df.as('a', 'x'),
       ('a' & 'b') = df.join('a', 'b'),
       ('a' | 'b') = df.race('a', 'b'),
       (('c' ?> 'a') !> 'b') = df.if('c', 'a', 'b'),
       (@> 'a') = df.loop('a'),
       ('a' <-> 'b') = df.with_undo('a', 'b');

-- one precedence, left to right
SELECT ('a' ~> 'b' ~> 'c') = df.seq(df.seq('a', 'b'), 'c'),
       ('a' ~> 'b' |=> 'x' ~> 'c') = df.seq(df.as(df.seq('a', 'b'), 'x'), 'c'),
       ('a' |=> 'x' ~> 'b' |=> 'y') = df.as(df.seq(df.as('a', 'x'), 'b'), 'y'),
       ('a' & 'b' ~> 'c') = df.seq(df.join('a', 'b'), 'c'),
       ('a' ~> 'b' & 'c') = df.join(df.seq('a', 'b'), 'c'),
       ('a' & 'b' & 'c') = df.join(df.join('a', 'b'), 'c'),
       ('a' | 'b' ~> 'c') = df.seq(df.race('a', 'b'), 'c'),
       ('a' ~> 'b' | 'c') = df.race(df.seq('a', 'b'), 'c');
SELECT ('c' ?> 'a' !> 'b') = df.if('c', 'a', 'b'),
       ('c' ?> 'a' !> 'b' ~> 'd') = df.seq(df.if('c', 'a', 'b'), 'd'),
       ('x' ~> 'c' ?> 'a' !> 'b') = df.if(df.seq('x', 'c'), 'a', 'b'),
       ('c' ?> 'a' !> 'b' |=> 'n') = df.as(df.if('c', 'a', 'b'), 'n'),
       (@> 'a' ~> 'b') = df.seq(df.loop('a'), 'b'),
       (@> ('a' ~> 'b')) = df.loop(df.seq('a', 'b')),
       ('a' ~> @> 'b' ~> 'c') = df.seq(df.seq('a', df.loop('b')), 'c'),
       (@> 'a' |=> 'x') = df.as(df.loop('a'), 'x'),
       (@> @> 'a') = df.loop(df.loop('a')),
       ('a' ~> 'b' <-> 'c') = df.with_undo(df.seq('a', 'b'), 'c');
SELECT 'a' || 'b' ~> 'c', 'a' & 'b' = 'c';

-- halves of conditionals
SELECT 'c' ?> 'a';
SELECT 'c' ?> df.sql('a');
SELECT 'c' ?> NULL, NULL ?> 'a';
SELECT 'c' ?> NULL !> 'b';
SELECT 'c' ?> 'a' ~> 'b' !> 'd';
SELECT 'c' ?> 'a' |=> 'n' !> 'b';
SELECT 'c' ?> 'c2' ?> 'a' !> 'b' !> 'd';
SELECT 'a' !> 'b';
SELECT df.sql('a') !> 'b';
SELECT '[]' !> 'b';
SELECT '1' !> 'b';
-- what older versions made: an object and not a text
SELECT '{"_partial_if": true, "condition": "c", "then_branch": {"node_type": "SQL", "query": "a"}}' !> 'b';
SELECT count(*)
  FROM regexp_matches(df.explain((SELECT string_agg('(''SELECT true'' ?> ', '') || '''SELECT 1''' || string_agg(') !> ''SELECT 0''', '')
                                                 FROM generate_series(1, 129))), 'IF', 'g');

-- types
SELECT 'a'::varchar ~> 'b'::name ~> 'c'::char(3);
SELECT '5' & '3';
SELECT 5 & 3, 5 | 3, B'101' & B'011', ARRAY[1, 2] @> ARRAY[1], '{"a": 1}'::jsonb @> '{}', point '(0,0)' <-> point '(3,4)';
SELECT 1 & 'a';
SELECT 'a' & NULL, NULL ~> 'b', 'a' |=> NULL, 'a' <-> NULL;
SELECT @> NULL;

-- any search_path, even none
SET search_path = '';
SELECT 'a' ~> 'b' |=> 'x' & 'c';
SELECT @> 'a' | ('c' ?> 'a' !> 'b') <-> 'd';
RESET search_path;

-- a role without any grant gets nowhere
RESET ROLE;
SET ROLE regress_nobody;
SELECT 'a' |=> 'x';
SELECT @> 'a';
SELECT df.sql('a');
