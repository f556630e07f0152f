-- Variables: each role has its own, and a start takes a copy.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;
SELECT df.setvar('a', '1'), df.setvar('a', 'it''s {b}'), df.setvar('b', ''), df.setvar('no identifier!', 'x'), df.setvar('a', NULL),
       df.setvar(NULL, 'x');
SELECT df.getvar('a'), df.getvar('b'), df.getvar('no identifier!'), df.getvar('A'), df.getvar(NULL);
-- a start sees what its own transaction set, and nothing changes it later; a variable that is NULL is not captured
BEGIN;
INSERT INTO df.vars (name, value) VALUES ('nothing', NULL);
SELECT df.unsetvar('no identifier!'), df.unsetvar('no identifier!');
SELECT df.start('SELECT 1') AS id \gset
SELECT df.setvar('a', 'later');
SELECT v.key, v.value FROM df.submissions s, json_each_text(s.vars) v WHERE s.id = :'id' ORDER BY 1;
ROLLBACK;
SELECT df.getvar('a'), df.getvar('no identifier!');
-- not inside of a step; reading is allowed
SET df.in_workflow = 'true';
SELECT df.setvar('a', '2');
SELECT df.unsetvar('a');
SELECT df.clearvars();
SELECT df.getvar('a');
RESET df.in_workflow;
RESET ROLE;
-- nobody else's
SET ROLE regress_http;
SELECT df.getvar('a'), (SELECT count(*) FROM df.vars), df.setvar('a', 'mine'), df.clearvars();
INSERT INTO df.vars (owner, name, value) VALUES ('regress_user', 'x', 'x');
UPDATE df.vars SET value = 'stolen' RETURNING 1;
SELECT df.start('SELECT 1') AS id \gset
SELECT vars FROM df.submissions WHERE id = :'id';
RESET ROLE;
-- a superuser sees all of them, and reads and clears only his own
SELECT count(*) FROM df.vars;
SELECT df.getvar('a'), df.clearvars();
SET ROLE regress_user;
SELECT df.getvar('a'), df.clearvars(), df.getvar('a');
RESET ROLE;
