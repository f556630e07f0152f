CREATE FUNCTION df.loop_prefix_op(body text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, df, pg_temp
AS $function$
BEGIN
    RETURN df.loop(body);
END
$function$;
COMMENT ON FUNCTION df.loop_prefix_op(text) IS 'Internal: the function of the prefix operator @>.';
