-- Only the C module can open a second session.
CREATE FUNCTION df._start_in_new_transaction(p_fut text, p_label text, p_database text, p_input jsonb, p_idempotency_key text,
                                             p_start_at timestamptz, p_sources text[]) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RAISE EXCEPTION 'transaction_mode ''new'' needs the extension pg_durable, but only its schema is installed here'
        USING ERRCODE = 'feature_not_supported', HINT = 'Call df.start on a second connection and commit there.';
END
$function$;
COMMENT ON FUNCTION df._start_in_new_transaction(text, text, text, jsonb, text, timestamptz, text[]) IS
    'Internal: not available without the C module.';
