CREATE FUNCTION df.race(VARIADIC nodes text[]) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df._branches('RACE', nodes);
END
$function$;
COMMENT ON FUNCTION df.race(text[]) IS 'Runs two or more branches at the same time. The first to end decides, and the others are stopped.';
