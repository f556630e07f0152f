-- Finds a page of instances where their status is stored, and the role's own ones by index, so that instances of other roles, or with
-- another status, cost nothing.
CREATE FUNCTION df._listed(p_status text, p_limit integer, p_label text, p_created_at timestamptz, p_id text) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
BEGIN
    IF p_status IN ('pending', 'running') THEN
        RETURN QUERY
        SELECT s.instance_no
          FROM df.queue q JOIN df.submissions s ON s.instance_no = q.instance_no
         WHERE (q.started_at IS NULL) = (p_status = 'pending') AND (p_label IS NULL OR s.label = p_label)
           AND (p_created_at IS NULL OR s.created_at <= p_created_at AND (s.created_at < p_created_at OR s.id > p_id))
         ORDER BY s.created_at DESC, s.id LIMIT p_limit;
    ELSIF p_status IN ('failed', 'cancelled') THEN
        RETURN QUERY
        SELECT s.instance_no
          FROM df.outcomes o JOIN df.submissions s ON s.instance_no = o.instance_no
         WHERE o.status = p_status AND o.status <> 'completed' AND (p_label IS NULL OR s.label = p_label)
           AND (p_created_at IS NULL OR s.created_at <= p_created_at AND (s.created_at < p_created_at OR s.id > p_id))
         ORDER BY s.created_at DESC, s.id LIMIT p_limit;
    ELSIF p_status IS NULL OR p_status = 'completed' THEN
        RETURN QUERY
        -- The newest of each role. An ordinary role sees one role, its own; a superuser sees all roles, which are few.
        WITH RECURSIVE roles AS (
            (SELECT s.submitted_by AS role FROM df.submissions s ORDER BY s.submitted_by LIMIT 1)
            UNION ALL
            SELECT (SELECT s.submitted_by FROM df.submissions s WHERE s.submitted_by > r.role ORDER BY s.submitted_by LIMIT 1) FROM roles r
             WHERE r.role IS NOT NULL
        )
        SELECT n.instance_no
          FROM roles r
         CROSS JOIN LATERAL (
            SELECT s.instance_no, s.created_at, s.id
              FROM df.submissions s
             WHERE s.submitted_by = r.role AND (p_label IS NULL OR s.label = p_label)
               AND (p_created_at IS NULL OR s.created_at <= p_created_at AND (s.created_at < p_created_at OR s.id > p_id))
               -- A value and not EXISTS, which a plan may answer by reading all outcomes first.
               AND (p_status IS NULL OR (SELECT o.status FROM df.outcomes o WHERE o.instance_no = s.instance_no) = p_status)
             ORDER BY s.created_at DESC, s.id LIMIT p_limit) n
         ORDER BY n.created_at DESC, n.id LIMIT p_limit;
    END IF;
END
$function$;
COMMENT ON FUNCTION df._listed(text, integer, text, timestamptz, text) IS
    'Internal: the newest instances, by created_at and id, with a status and a label, after a position in that order.';
