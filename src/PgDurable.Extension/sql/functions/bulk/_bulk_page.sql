-- Oldest first: a parent before the children that it called.
CREATE FUNCTION df._bulk_page(p_bulk df.bulks, p_search df._search, p_page bigint[], p_reason text, p_each boolean,
                              OUT done bigint, OUT failed bigint, OUT problem text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_instance bigint;
    v_problem  text;
BEGIN
    done := 0;
    failed := 0;
    FOR v_instance IN SELECT p FROM unnest(p_page) p ORDER BY p LOOP
        CONTINUE WHEN NOT df._bulk_applies(p_bulk.action, p_search, v_instance);
        IF p_each THEN
            BEGIN
                v_problem := df._bulk_one(p_bulk, v_instance, p_reason);
            EXCEPTION WHEN OTHERS THEN
                v_problem := SQLERRM;
            END;
        ELSE
            v_problem := df._bulk_one(p_bulk, v_instance, p_reason);
        END IF;
        IF v_problem IS NULL THEN
            done := done + 1;
        ELSE
            failed := failed + 1;
            problem := left(v_problem, 1000);
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION df._bulk_page(df.bulks, df._search, bigint[], text, boolean) IS
    'Internal: what df.bulk does to a page of instances, all or nothing or each by itself.';
