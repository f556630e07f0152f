CREATE FUNCTION df.join(VARIADIC nodes text[]) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._branches('JOIN', nodes);
END
$function$;
COMMENT ON FUNCTION df.join(text[]) IS
    'Runs two or more branches at the same time and waits for all; the result is an array of their results.';
