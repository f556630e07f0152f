CREATE FUNCTION df.join3(a text, b text, c text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._branches('JOIN', ARRAY[a, b, c]);
END
$function$;
COMMENT ON FUNCTION df.join3(text, text, text) IS
    'Runs three branches at the same time and waits for all; the result is an array of their results.';
