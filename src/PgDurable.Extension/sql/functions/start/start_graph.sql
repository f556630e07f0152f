CREATE FUNCTION df.start_graph(graph text, input jsonb DEFAULT NULL, label text DEFAULT NULL, idempotency_key text DEFAULT NULL,
                               start_at timestamptz DEFAULT NULL, database text DEFAULT NULL, transaction_mode text DEFAULT 'caller',
                               sources text[] DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_graph text;
    v_id    text;
BEGIN
    IF database IS NULL AND transaction_mode = 'caller' THEN
        v_id := df._start_known(graph, NULL, NULL, label, input, idempotency_key, start_at, sources);
        IF v_id IS NOT NULL THEN
            RETURN v_id;
        END IF;
    END IF;
    IF lower(transaction_mode) = 'new' THEN
        RETURN df._start_in_new_transaction(graph, label, database, input, idempotency_key, start_at, sources);
    ELSIF lower(transaction_mode) IS DISTINCT FROM 'caller' THEN
        RAISE EXCEPTION 'invalid transaction_mode "%" for df.start(): expected ''caller'' or ''new''', transaction_mode
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    BEGIN
        v_graph := df._as_node(graph, p_strict => true);
    EXCEPTION WHEN null_value_not_allowed OR invalid_parameter_value THEN
        RAISE EXCEPTION 'Invalid durable function: %', SQLERRM USING ERRCODE = 'DF003';
    END;

    IF database IS NOT NULL AND NOT EXISTS (SELECT FROM pg_database d WHERE d.datname = database) THEN
        RAISE EXCEPTION 'database "%" does not exist', database USING ERRCODE = 'invalid_catalog_name';
    END IF;
    RETURN df._submit(NULL, NULL, v_graph, label, database, input, idempotency_key, start_at, sources);
END
$function$;
COMMENT ON FUNCTION df.start_graph(text, jsonb, text, text, timestamptz, text, text, text[]) IS
    'Like df.start, with more options. Steps read input as $input and $input.field. The same idempotency_key by the same role returns the '
    'first instance''s id. With start_at the instance starts no earlier than that. sources says where each node was written, for error '
    'messages.';
