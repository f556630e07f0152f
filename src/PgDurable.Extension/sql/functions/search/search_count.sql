CREATE FUNCTION df.search_count(query text, cap integer DEFAULT 10000, OUT count bigint, OUT capped boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF cap NOT BETWEEN 1 AND 1000000 OR cap IS NULL THEN
        RAISE EXCEPTION 'df.search_count: cap must be between 1 and 1000000' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    count := cardinality(df._found(df._search_query(query), cap::bigint + 1, NULL, NULL));
    capped := count > cap;
    count := LEAST(count, cap);
END
$function$;
COMMENT ON FUNCTION df.search_count(text, integer) IS
    'How many instances df.search finds. Beyond the cap it stops counting, and capped is true.';
