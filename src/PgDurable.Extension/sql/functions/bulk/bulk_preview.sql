CREATE FUNCTION df.bulk_preview(action text, query text, cap integer DEFAULT 10000,
                                OUT matches bigint, OUT acted_on bigint, OUT capped boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_search df._search := df._bulk_search(action, query);
BEGIN
    IF cap NOT BETWEEN 1 AND 1000000 OR cap IS NULL THEN
        RAISE EXCEPTION 'df.bulk_preview: cap must be between 1 and 1000000' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT m.count, c.acted_on, m.capped OR c.capped INTO matches, acted_on, capped
      FROM df.search_count(query, cap) m, df._bulk_count(action, v_search, NULL, cap) c;
END
$function$;
COMMENT ON FUNCTION df.bulk_preview(text, text, integer) IS
    'How many instances match a query, and on how many of them df.bulk would act now. Beyond the cap it stops counting, and capped is '
    'true.';
