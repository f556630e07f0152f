-- Without the C module nothing is faster than df._submit.
CREATE FUNCTION df._start_known(p_graph text, p_workflow text, p_version integer, p_label text, p_input jsonb, p_idempotency_key text,
                                p_start_at timestamptz, p_sources text[]) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._start_known(text, text, integer, text, jsonb, text, timestamptz, text[]) IS
    'Internal: returns NULL without the C module.';
