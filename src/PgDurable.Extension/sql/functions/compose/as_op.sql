CREATE FUNCTION df.as_op(fut text, name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, df, pg_temp
AS $function$
BEGIN
    RETURN df.as(fut, name);
END
$function$;
COMMENT ON FUNCTION df.as_op(text, text) IS 'Internal: the function of the operator |=>.';
