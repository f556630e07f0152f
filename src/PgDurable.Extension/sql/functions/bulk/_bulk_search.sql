CREATE FUNCTION df._bulk_search(p_action text, p_query text) RETURNS df._search
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_search   df._search;
    v_statuses text[] := CASE
        WHEN p_action IN ('cancel', 'terminate', 'pause', 'resume', 'signal') THEN ARRAY['pending', 'running']
        WHEN p_action = 'retry' THEN ARRAY['failed']
        WHEN p_action = 'delete' THEN ARRAY['completed', 'failed', 'cancelled'] END;
BEGIN
    IF v_statuses IS NULL THEN
        RAISE EXCEPTION 'df.bulk: there is no action %', quote_nullable(df._one_line(p_action, 40))
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'The actions are cancel, terminate, retry, pause, resume, signal and delete.';
    ELSIF p_query IS NULL THEN
        RAISE EXCEPTION 'df.bulk: the query is NULL' USING ERRCODE = 'null_value_not_allowed',
            HINT = 'An empty query means all your instances.';
    END IF;
    v_search := df._search_query(p_query);
    v_search.statuses := ARRAY(SELECT s FROM unnest(v_statuses) s WHERE v_search.statuses IS NULL OR s = ANY (v_search.statuses));
    v_search.deep := true;
    RETURN v_search;
END
$function$;
COMMENT ON FUNCTION df._bulk_search(text, text) IS
    'Internal: what a query asks for, among the instances whose status allows the action.';
