-- What many instances have is soon found among the newest. What few have is found by index, if there is one.
CREATE FUNCTION df._found(p_search df._search, p_limit bigint, p_created_at timestamptz, p_id text) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_newest     CONSTANT bigint := 1000;
    v_roles      regrole[];
    v_candidates record;
    v_found      bigint[];
BEGIN
    v_roles := df._search_roles();
    IF p_search.ids IS NULL AND p_limit <= c_newest THEN
        v_found := ARRAY(SELECT f FROM df._search_scan(p_search, v_roles, c_newest, p_limit, p_created_at, p_id) f);
        IF cardinality(v_found) = p_limit THEN
            RETURN v_found;
        END IF;
    END IF;
    SELECT * INTO v_candidates FROM df._search_candidates(p_search, v_roles);
    RETURN CASE WHEN v_candidates.candidates IS NULL
                THEN ARRAY(SELECT f FROM df._search_scan(p_search, v_roles, NULL, p_limit, p_created_at, p_id) f)
                ELSE ARRAY(SELECT f FROM df._search_among(v_candidates.rest, v_candidates.candidates, p_limit, p_created_at, p_id) f) END;
END
$function$;
COMMENT ON FUNCTION df._found(df._search, bigint, timestamptz, text) IS
    'Internal: the first instances that a search finds, newest first, after a place in that order.';
