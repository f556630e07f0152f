-- The path ends with the attempt that failed; its error is the last one in it.
CREATE FUNCTION df._why_retry(p_instance_no bigint, p_max integer, p_path text, p_until text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT format('It begins attempt %s of %s at %s', substring(p_path FROM '\d+$')::integer + 1, p_max, p_until)
            || COALESCE((
                SELECT format(', because step "%s" failed: %s%s', df._one_line(COALESCE(df._plain(c.error) ->> 'step', '?'), 60),
                              df._one_line(df._message(c.error), 1000),
                              COALESCE(' (' || df._one_line(df._plain(c.error) ->> 'sqlstate', 5) || ')', ''))
                  FROM df.checkpoints c
                 WHERE c.instance_no = p_instance_no AND c.error IS NOT NULL
                   AND (c.path = p_path OR starts_with(c.path, p_path || '/'))
                 ORDER BY c.seq DESC LIMIT 1), '.'));
END
$function$;
COMMENT ON FUNCTION df._why_retry(bigint, integer, text, text) IS 'Internal: the pause before an attempt, for df.why.';
