-- By what has an index. NULL: nothing in the search has one.
CREATE FUNCTION df._search_candidates(p_search df._search, p_roles regrole[], OUT candidates bigint[], OUT rest df._search)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off
AS $function$
DECLARE
    v_key text;
BEGIN
    rest := p_search;
    IF p_search.ids IS NOT NULL THEN
        candidates := ARRAY(SELECT s.instance_no FROM df.submissions s WHERE s.id = ANY (p_search.ids));
        rest.ids := NULL;
    ELSIF p_search.tags IS NOT NULL THEN
        v_key := (SELECT min(k) FROM jsonb_object_keys(p_search.tags) k);
        candidates := ARRAY(SELECT t.instance_no FROM df.tags t
                             WHERE t.submitted_by = ANY (p_roles) AND t.key = v_key AND t.value = ANY (df._texts(p_search.tags -> v_key)));
        rest.tags := NULLIF(p_search.tags - v_key, '{}');
    ELSIF p_search.errors IS NOT NULL OR p_search.steps IS NOT NULL OR p_search.statuses <@ ARRAY['failed', 'cancelled'] THEN
        candidates := ARRAY(SELECT o.instance_no FROM df.outcomes o
                             WHERE o.status <> 'completed' AND (p_search.statuses IS NULL OR o.status = ANY (p_search.statuses)));
        rest.statuses := NULL;
    ELSIF p_search.statuses <@ ARRAY['pending', 'running'] THEN
        candidates := ARRAY(SELECT q.instance_no FROM df.queue q
                             WHERE CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END = ANY (p_search.statuses));
        rest.statuses := NULL;
    END IF;
    rest.deep := COALESCE(rest.statuses, rest.not_statuses, rest.errors, rest.not_errors, rest.steps, rest.not_steps) IS NOT NULL
        OR COALESCE(rest.tags, rest.not_tags) IS NOT NULL;
END
$function$;
COMMENT ON FUNCTION df._search_candidates(df._search, regrole[]) IS
    'Internal: the instances among which a search looks, if an index has them, and what remains to be compared.';
