-- Exactly pg_durable's signature: other programs look for it, and for no second df.start. Our additions are in df.start_graph.
CREATE FUNCTION df.start(fut text, label text DEFAULT NULL, database text DEFAULT NULL, transaction_mode text DEFAULT 'caller') RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df.start_graph(fut, NULL, label, NULL, NULL, database, transaction_mode, NULL);
END
$function$;
COMMENT ON FUNCTION df.start(text, text, text, text) IS
    'Starts an instance of a graph, or of a single SQL statement, in the caller''s transaction and returns its id. Steps read the role''s '
    'variables as {name}. For an input, an idempotency key or a start time, use df.start_graph.';
