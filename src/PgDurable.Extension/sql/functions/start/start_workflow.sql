CREATE FUNCTION df.start_workflow(name text, input jsonb DEFAULT NULL, label text DEFAULT NULL, idempotency_key text DEFAULT NULL,
                                  version integer DEFAULT NULL, start_at timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF name IS NULL THEN
        RAISE EXCEPTION 'Workflow name cannot be NULL' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    RETURN COALESCE(df._start_known(NULL, name, version, label, input, idempotency_key, start_at, NULL),
                    df._submit(name, version, NULL, label, NULL, input, idempotency_key, start_at, NULL));
END
$function$;
COMMENT ON FUNCTION df.start_workflow(text, jsonb, text, text, integer, timestamptz) IS
    'Starts an instance of a workflow that the role has registered, in its newest version unless version is given. Runs in the caller''s '
    'transaction and returns the instance''s id, like df.start.';
