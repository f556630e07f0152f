CREATE FUNCTION df._why_ended(p_instance_no bigint, p_status text, p_at timestamptz, p_error jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT CASE p_status
            WHEN 'completed' THEN format('It completed %s.', df._until(p_at))
            WHEN 'failed' THEN format('It failed %s%s: %s%s', df._until(p_at),
                COALESCE(format(' at step "%s"', df._one_line(p_error ->> 'step', 60)), ''),
                df._one_line(COALESCE(p_error ->> 'message', p_error #>> '{}'), 1000),
                COALESCE(' (' || df._one_line(p_error ->> 'sqlstate', 5) || ')', ''))
                || COALESCE(E'\nHint: ' || df._one_line(p_error ->> 'hint', 1000), '')
                || (SELECT format(E'\ndf.retry_instance(''%s'') resumes it at that step.', s.id) FROM df.submissions s
                     WHERE s.instance_no = p_instance_no)
            WHEN 'cancelled' THEN format('It was cancelled %s%s: %s', df._until(p_at),
                COALESCE((SELECT ', by ' || c.requested_by FROM df.cancellations c WHERE c.instance_no = p_instance_no
                               ORDER BY c.forced DESC LIMIT 1), ''),
                df._one_line(regexp_replace(COALESCE(p_error ->> 'message', p_error #>> '{}'), '^canceled: ', ''), 1000))
            ELSE 'Its end is being written.' END);
END
$function$;
COMMENT ON FUNCTION df._why_ended(bigint, text, timestamptz, jsonb) IS 'Internal: how an instance ended, for df.why.';
