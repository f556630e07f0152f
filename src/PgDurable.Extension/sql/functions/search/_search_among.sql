CREATE FUNCTION df._search_among(p_search df._search, p_candidates bigint[], p_limit bigint, p_created_at timestamptz, p_id text)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
BEGIN
    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT s.instance_no, s.created_at, s.id
          FROM unnest(p_candidates) c (instance_no)
          JOIN df.submissions s ON s.instance_no = c.instance_no
         WHERE s.created_at >= COALESCE(p_search.since, '-infinity')
           AND s.created_at <= LEAST(p_created_at, p_search.until, 'infinity')
           AND (p_created_at IS NULL OR s.created_at < p_created_at OR s.id > p_id)
           AND (p_search.ids IS NULL OR s.id = ANY (p_search.ids))
           AND (p_search.not_ids IS NULL OR s.id <> ALL (p_search.not_ids))
           AND (p_search.workflows IS NULL OR s.workflow = ANY (p_search.workflows))
           AND (p_search.not_workflows IS NULL OR s.workflow IS NULL OR s.workflow <> ALL (p_search.not_workflows))
           AND (p_search.labels IS NULL OR s.label = ANY (p_search.labels))
           AND (p_search.not_labels IS NULL OR s.label IS NULL OR s.label <> ALL (p_search.not_labels))
         ORDER BY s.created_at DESC, s.id
    )
    SELECT f.instance_no FROM found f
     WHERE CASE WHEN p_search.deep THEN df._search_matches(f.instance_no, p_search) ELSE true END
     LIMIT p_limit;
END
$function$;
COMMENT ON FUNCTION df._search_among(df._search, bigint[], bigint, timestamptz, text) IS
    'Internal: what a search finds among these instances, newest first.';
