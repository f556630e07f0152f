-- A child goes with its parent, if that is to be cancelled too: a parent that outlives it by a batch would go on without it.
CREATE FUNCTION df._bulk_applies(p_action text, p_search df._search, p_instance_no bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_parent bigint;
BEGIN
    IF EXISTS (SELECT FROM df.bulks b WHERE b.instance_no = p_instance_no) THEN
        RETURN false;
    ELSIF p_action IN ('pause', 'resume') THEN
        RETURN EXISTS (SELECT FROM df.pauses p WHERE p.instance_no = p_instance_no) = (p_action = 'resume');
    ELSIF p_action IN ('cancel', 'terminate', 'delete') THEN
        v_parent := (SELECT q.instance_no FROM df.queue q
                      WHERE q.instance_no = (SELECT CASE WHEN s.parent_node IS NOT NULL THEN s.parent_no END
                                               FROM df.submissions s WHERE s.instance_no = p_instance_no));
        RETURN CASE
            -- The parent may still ask for the result.
            WHEN p_action = 'delete' THEN v_parent IS NULL
            WHEN p_action = 'cancel' AND EXISTS (SELECT FROM df.queue q WHERE q.instance_no = p_instance_no AND q.undoing) THEN false
            WHEN v_parent IS NULL THEN true
            ELSE NOT EXISTS (SELECT FROM df._search_among(p_search, ARRAY[v_parent], 1, NULL, NULL)) END;
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._bulk_applies(text, df._search, bigint) IS
    'Internal: whether df.bulk acts on an instance that its query found.';
