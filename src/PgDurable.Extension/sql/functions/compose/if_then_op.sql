CREATE FUNCTION df.if_then_op(condition text, then_branch text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN jsonb_build_object('_partial_if', true, 'condition', condition, 'then_branch', then_branch)::text;
END
$function$;
COMMENT ON FUNCTION df.if_then_op(text, text) IS 'Internal: the function of the operator ?>. Only !> can use what it returns.';
