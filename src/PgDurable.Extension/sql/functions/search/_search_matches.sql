-- What is not in the row of the submission. Looked up one instance at a time: a page needs few of them.
CREATE FUNCTION df._search_matches(p_instance_no bigint, p_search df._search) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_status  text;
    v_error   json;
    v_details jsonb;
    v_tags    jsonb;
BEGIN
    IF COALESCE(p_search.statuses, p_search.not_statuses, p_search.errors, p_search.not_errors, p_search.steps, p_search.not_steps)
        IS NOT NULL
    THEN
        SELECT o.status, o.error INTO v_status, v_error FROM df.outcomes o WHERE o.instance_no = p_instance_no;
        IF NOT FOUND THEN
            SELECT CASE WHEN q.started_at IS NULL THEN 'pending' ELSE 'running' END INTO v_status
              FROM df.queue q WHERE q.instance_no = p_instance_no;
        END IF;
        IF NOT COALESCE(v_status = ANY (p_search.statuses), true) OR NOT COALESCE(v_status <> ALL (p_search.not_statuses), true) THEN
            RETURN false;
        END IF;
        IF COALESCE(p_search.errors, p_search.not_errors, p_search.steps, p_search.not_steps) IS NOT NULL THEN
            v_details := CASE WHEN v_status = 'failed' THEN df._jsonb(v_error) END;
            IF NOT COALESCE(COALESCE(v_details ->> 'sqlstate', '') = ANY (p_search.errors), true)
                OR NOT COALESCE(COALESCE(v_details ->> 'sqlstate', '') <> ALL (p_search.not_errors), true)
                OR NOT COALESCE(COALESCE(v_details ->> 'step', '') = ANY (p_search.steps), true)
                OR NOT COALESCE(COALESCE(v_details ->> 'step', '') <> ALL (p_search.not_steps), true)
            THEN
                RETURN false;
            END IF;
        END IF;
    END IF;
    IF p_search.tags IS NOT NULL OR p_search.not_tags IS NOT NULL THEN
        SELECT COALESCE(jsonb_object_agg(t.key, t.value), '{}') INTO v_tags FROM df.tags t WHERE t.instance_no = p_instance_no;
        RETURN NOT EXISTS (SELECT FROM jsonb_each(p_search.tags) w WHERE NOT COALESCE(w.value ? (v_tags ->> w.key), false))
           AND NOT EXISTS (SELECT FROM jsonb_each(p_search.not_tags) w WHERE w.value ? (v_tags ->> w.key));
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION df._search_matches(bigint, df._search) IS
    'Internal: whether an instance has the status, error, step and tags of a search.';
