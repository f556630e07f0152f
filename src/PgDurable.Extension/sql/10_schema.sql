-- No IF NOT EXISTS: never take over a schema that somebody else prepared.
CREATE SCHEMA df;
COMMENT ON SCHEMA df IS 'Durable workflows: compose a graph of SQL steps, start it, and read what it did.';
