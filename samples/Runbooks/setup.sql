-- What the runbooks share. Each of them runs this file first; it may run again and again.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS runbooks;

-- Starts an instance that runs the statements one after the other, each outside of a transaction if it has to be, and then
-- signals 'acted' to the instance that asked for it. So a runbook can run statements whose names it has only just found.
CREATE OR REPLACE FUNCTION runbooks.start_all(statements text[], asked_by text, label text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    statement text;
    graph     text;
BEGIN
    FOREACH statement IN ARRAY statements LOOP
        graph := CASE WHEN graph IS NULL THEN statement ELSE df.seq(graph, statement) END;
    END LOOP;
    RETURN df.start(df.try(
        df.seq(graph, format('SELECT df.signal(%L, ''acted'', jsonb_build_object(''ok'', true)::text)', asked_by)),
        format('SELECT df.signal(%L, ''acted'', jsonb_build_object(''ok'', false, ''error'', $error.message)::text)', asked_by)), label);
END
$function$;
COMMENT ON FUNCTION runbooks.start_all(text[], text, text) IS
    'Runs statements in order, in an instance of its own, and signals ''acted'' at the end.';
