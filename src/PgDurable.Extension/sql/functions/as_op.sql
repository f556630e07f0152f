CREATE FUNCTION df.as_op(fut text, name text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, df, pg_temp
AS $function$
    SELECT df.as(fut, name)
$function$;
COMMENT ON FUNCTION df.as_op(text, text) IS 'Internal: the function of the operator |=>.';
