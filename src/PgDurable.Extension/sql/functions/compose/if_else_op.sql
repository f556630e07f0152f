CREATE FUNCTION df.if_else_op(partial_if text, else_branch text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_partial jsonb := partial_if::jsonb;
BEGIN
    IF jsonb_typeof(v_partial) <> 'object' OR NOT v_partial ? '_partial_if' THEN
        RAISE EXCEPTION 'Invalid if-then-else: left side of !> must be a ?> expression' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN df.if(v_partial ->> 'condition', v_partial ->> 'then_branch', else_branch);
END
$function$;
COMMENT ON FUNCTION df.if_else_op(text, text) IS 'Internal: the function of the operator !>.';
