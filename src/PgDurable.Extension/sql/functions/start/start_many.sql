CREATE FUNCTION df.start_many(workflow text, inputs jsonb[], labels text[] DEFAULT NULL, idempotency_keys text[] DEFAULT NULL,
                              version integer DEFAULT NULL, start_at timestamptz DEFAULT NULL) RETURNS text[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_version integer;
    v_ids     text[] := '{}';
    v_start   record;
BEGIN
    IF workflow IS NULL THEN
        RAISE EXCEPTION 'Workflow name cannot be NULL' USING ERRCODE = 'null_value_not_allowed';
    ELSIF inputs IS NULL THEN
        RAISE EXCEPTION 'inputs cannot be NULL' USING ERRCODE = 'null_value_not_allowed',
            HINT = 'An element may be NULL: that instance has no input.';
    ELSIF cardinality(labels) <> cardinality(inputs) OR cardinality(idempotency_keys) <> cardinality(inputs) THEN
        RAISE EXCEPTION 'inputs has % elements, but labels has % and idempotency_keys has %',
                cardinality(inputs), COALESCE(cardinality(labels), 0), COALESCE(cardinality(idempotency_keys), 0)
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Give one element for each instance, or NULL for the whole array.';
    END IF;
    -- All in one version, whatever is registered meanwhile.
    v_version := (df._workflow(quote_ident(current_user)::regrole, workflow, version)).version;
    FOR v_start IN SELECT * FROM unnest(inputs, labels, idempotency_keys) u (input, label, key) LOOP
        v_ids := v_ids || COALESCE(
            df._start_known(NULL, workflow, v_version, v_start.label, v_start.input, v_start.key, start_at, NULL),
            df._submit(workflow, v_version, NULL, v_start.label, NULL, v_start.input, v_start.key, start_at, NULL));
    END LOOP;
    RETURN v_ids;
END
$function$;
COMMENT ON FUNCTION df.start_many(text, jsonb[], text[], text[], integer, timestamptz) IS
    'Starts an instance of a registered workflow for each input, all or none, and returns their ids in the same order. labels and '
    'idempotency_keys have an element for each input, or are NULL. Otherwise like df.start_workflow.';
