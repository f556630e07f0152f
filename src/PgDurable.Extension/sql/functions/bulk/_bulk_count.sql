CREATE FUNCTION df._bulk_count(p_action text, p_search df._search, p_before bigint, p_cap integer, OUT acted_on bigint, OUT capped boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_found bigint[] := df._found(p_search, p_cap::bigint + 1, NULL, NULL);
BEGIN
    capped := cardinality(v_found) > p_cap;
    acted_on := (SELECT count(*) FROM unnest(v_found[:p_cap]) f
                  WHERE COALESCE(f < p_before, true) AND df._bulk_applies(p_action, p_search, f));
END
$function$;
COMMENT ON FUNCTION df._bulk_count(text, df._search, bigint, integer) IS
    'Internal: on how many instances df.bulk would act, of those before one, if any.';
