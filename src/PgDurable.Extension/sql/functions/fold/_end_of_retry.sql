CREATE FUNCTION df._end_of_retry(p_instance_no bigint, p_all df._execution[], p_self df._execution) RETURNS df._ending
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ending df._ending;
    v_body   df._execution := p_all[p_self.first_child];
    v_source df._execution := p_all[v_body.source];
BEGIN
    v_ending.child := v_body.execution;
    IF v_body.state = 'failed' AND v_body.number < (p_self.query::json ->> 'max_attempts')::integer THEN
        -- An attempt that timed out has no error on record.
        SELECT CASE WHEN NOT df._is_retryable(p_self.query, COALESCE(df._plain(c.error) ->> 'sqlstate', 'DF005'),
                                              (df._plain(c.error) ->> 'retryable')::boolean) THEN v_body.execution END
          INTO v_ending.child FROM df.checkpoints c
         WHERE c.instance_no = p_instance_no AND c.node = v_source.node AND c.path = v_source.path;
    END IF;
    RETURN v_ending;
END
$function$;
COMMENT ON FUNCTION df._end_of_retry(bigint, df._execution[], df._execution) IS 'Internal: the part of df._fold for RETRY.';
