-- In C (src/start.c), because applications wait for it; df._submit does the rest.
CREATE FUNCTION df._start_known(p_graph text, p_workflow text, p_version integer, p_label text, p_input jsonb, p_idempotency_key text,
                                p_start_at timestamptz, p_sources text[]) RETURNS text
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_start_known';
COMMENT ON FUNCTION df._start_known(text, text, integer, text, jsonb, text, timestamptz, text[]) IS
    'Internal: starts an instance of a graph or workflow that is stored already, or returns NULL if that takes more than writing its row.';
