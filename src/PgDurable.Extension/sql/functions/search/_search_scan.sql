-- The newest first, among the newest p_rows of each role. p_rows NULL: among all.
CREATE FUNCTION df._search_scan(p_search df._search, p_roles regrole[], p_rows bigint, p_limit bigint, p_created_at timestamptz, p_id text)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
BEGIN
    RETURN QUERY
    SELECT n.instance_no
      FROM unnest(p_roles) r (role)
     CROSS JOIN LATERAL (
        SELECT s.instance_no, s.created_at, s.id
          FROM (SELECT s.instance_no, s.created_at, s.id, s.workflow, s.label
                  FROM df.submissions s
                 WHERE s.submitted_by = r.role
                   AND s.created_at >= COALESCE(p_search.since, '-infinity')
                   AND s.created_at <= LEAST(p_created_at, p_search.until, 'infinity')
                   AND (p_created_at IS NULL OR s.created_at < p_created_at OR s.id > p_id)
                 ORDER BY s.created_at DESC, s.id LIMIT p_rows) s
         WHERE (p_search.ids IS NULL OR s.id = ANY (p_search.ids))
           AND (p_search.not_ids IS NULL OR s.id <> ALL (p_search.not_ids))
           AND (p_search.workflows IS NULL OR s.workflow = ANY (p_search.workflows))
           AND (p_search.not_workflows IS NULL OR s.workflow IS NULL OR s.workflow <> ALL (p_search.not_workflows))
           AND (p_search.labels IS NULL OR s.label = ANY (p_search.labels))
           AND (p_search.not_labels IS NULL OR s.label IS NULL OR s.label <> ALL (p_search.not_labels))
           AND CASE WHEN p_search.deep THEN df._search_matches(s.instance_no, p_search) ELSE true END
         ORDER BY s.created_at DESC, s.id LIMIT p_limit) n
     ORDER BY n.created_at DESC, n.id LIMIT p_limit;
END
$function$;
COMMENT ON FUNCTION df._search_scan(df._search, regrole[], bigint, bigint, timestamptz, text) IS
    'Internal: what a search finds among the newest instances of each role.';
