CREATE FUNCTION df._start_in_new_transaction(p_fut text, p_label text, p_database text, p_input jsonb, p_idempotency_key text,
                                             p_start_at timestamptz, p_sources text[]) RETURNS text
    LANGUAGE c VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_start_in_new_transaction';
COMMENT ON FUNCTION df._start_in_new_transaction(text, text, text, jsonb, text, timestamptz, text[]) IS
    'Internal: runs df.start in a second session of the same role, which commits on its own.';
