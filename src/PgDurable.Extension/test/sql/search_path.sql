-- A search_path full of traps changes nothing: not what composers return, not what is checked, not who is asked.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
CREATE SCHEMA regress_trap AUTHORIZATION regress_user;
SET ROLE regress_user;
SET search_path = regress_trap, pg_catalog;
CREATE FUNCTION to_json(text) RETURNS json LANGUAGE sql AS $$ SELECT '"trapped"'::json $$;
CREATE FUNCTION jsonb_typeof(jsonb) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION trapped(text, text) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION differs(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
CREATE OPERATOR || (LEFTARG = text, RIGHTARG = text, FUNCTION = trapped);
CREATE OPERATOR ~> (LEFTARG = text, RIGHTARG = text, FUNCTION = trapped);
CREATE OPERATOR <> (LEFTARG = text, RIGHTARG = text, FUNCTION = differs);
CREATE OPERATOR !~ (LEFTARG = text, RIGHTARG = text, FUNCTION = differs);
CREATE TABLE pg_timezone_names (name text);
INSERT INTO pg_timezone_names VALUES ('Trap/Zone');
SELECT df.sql('a'), df.seq('a', 'b');
SELECT df.as('a', '1x');
SELECT df.retry('a' OPERATOR(pg_catalog.|=>) 'x', 2);
SELECT df.wait_for_schedule('@daily', 'Trap/Zone');
SELECT df.explain('{"node_type":"NOT_A_NODE"}') OPERATOR(pg_catalog.~) 'Unknown node_type';
SELECT rtrim(df.explain('{"node_type":"SQL","query":"x"}'));
-- the caller's own operators are the caller's own business
SELECT 'a' ~> 'b';
SELECT df.explain($x$'a' ~> 'b'$x$);
-- temporary objects come last
CREATE FUNCTION pg_temp.to_json(text) RETURNS json LANGUAGE sql AS $$ SELECT '"trapped"'::pg_catalog.json $$;
SET search_path = pg_temp, regress_trap, pg_catalog;
SELECT df.sql('a');
RESET ROLE;
RESET search_path;
DROP SCHEMA regress_trap CASCADE;
