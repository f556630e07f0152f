-- No IF NOT EXISTS: a schema that somebody else prepared is never taken over.
CREATE SCHEMA df;
COMMENT ON SCHEMA df IS 'Durable workflows: compose a graph of SQL steps, start it, and read what it did.';
