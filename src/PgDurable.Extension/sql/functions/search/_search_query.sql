CREATE FUNCTION df._search_query(p_query text) RETURNS df._search
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_search df._search;
    v_term   record;
    v_terms  jsonb := '{}';   -- {"word": ["value", ...]}; excluded ones as "-word"
    v_key    text;
BEGIN
    FOR v_term IN SELECT * FROM df._search_terms(COALESCE(p_query, '')) LOOP
        IF v_term.word IN ('since', 'until') AND v_term.negated THEN
            PERFORM df._search_error(v_term.place, format('%s can''t be excluded', v_term.word), 'Use since and until without -.');
        ELSIF v_term.word = 'since' THEN
            v_search.since := GREATEST(v_search.since, df._search_moment(v_term.place, v_term.word, v_term.value));
            CONTINUE;
        ELSIF v_term.word = 'until' THEN
            v_search.until := LEAST(v_search.until, df._search_moment(v_term.place, v_term.word, v_term.value));
            CONTINUE;
        ELSIF v_term.word = 'status' AND v_term.value NOT IN ('pending', 'running', 'completed', 'failed', 'cancelled') THEN
            PERFORM df._search_error(v_term.place, format('there is no status %s', quote_literal(df._one_line(v_term.value, 40))),
                'The statuses are pending, running, completed, failed and cancelled.');
        ELSIF v_term.word = 'error' AND v_term.value !~ '^[0-9A-Z]{5}$' THEN
            PERFORM df._search_error(v_term.place, format('%s is no SQLSTATE', quote_literal(df._one_line(v_term.value, 40))),
                'A SQLSTATE has five digits or capital letters, such as 23505.');
        ELSIF v_term.word = 'id' AND v_term.value !~ '^[0-9a-f]{8}$' THEN
            PERFORM df._search_error(v_term.place, format('%s is no id', quote_literal(df._one_line(v_term.value, 40))),
                'An id has eight digits or letters from a to f.');
        END IF;
        IF v_term.word = ANY (df._search_words()) THEN
            v_key := CASE WHEN v_term.negated THEN '-' ELSE '' END || v_term.word;
            v_terms := v_terms || jsonb_build_object(v_key, COALESCE(v_terms -> v_key, '[]') || to_jsonb(v_term.value));
        ELSIF v_term.negated THEN
            v_search.not_tags := COALESCE(v_search.not_tags, '{}') || jsonb_build_object(
                v_term.word, COALESCE(v_search.not_tags -> v_term.word, '[]') || to_jsonb(v_term.value));
        ELSE
            v_search.tags := COALESCE(v_search.tags, '{}') || jsonb_build_object(
                v_term.word, COALESCE(v_search.tags -> v_term.word, '[]') || to_jsonb(v_term.value));
        END IF;
    END LOOP;
    v_search.ids := df._texts(v_terms -> 'id');
    v_search.not_ids := df._texts(v_terms -> '-id');
    v_search.workflows := df._texts(v_terms -> 'workflow');
    v_search.not_workflows := df._texts(v_terms -> '-workflow');
    v_search.labels := df._texts(v_terms -> 'label');
    v_search.not_labels := df._texts(v_terms -> '-label');
    v_search.statuses := df._texts(v_terms -> 'status');
    v_search.not_statuses := df._texts(v_terms -> '-status');
    v_search.errors := df._texts(v_terms -> 'error');
    v_search.not_errors := df._texts(v_terms -> '-error');
    v_search.steps := df._texts(v_terms -> 'step');
    v_search.not_steps := df._texts(v_terms -> '-step');
    v_search.deep := v_terms ?| ARRAY['status', '-status', 'error', '-error', 'step', '-step']
        OR v_search.tags IS NOT NULL OR v_search.not_tags IS NOT NULL;
    RETURN v_search;
END
$function$;
COMMENT ON FUNCTION df._search_query(text) IS 'Internal: what a query of df.search asks for.';
