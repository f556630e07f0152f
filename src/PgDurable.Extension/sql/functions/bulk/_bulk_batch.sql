-- A step of df.bulk. The place up to which it has come is the step's result, and commits with what it did.
CREATE FUNCTION df._bulk_batch(p_id text, p_next text, p_done bigint, p_failed bigint, p_seen bigint, p_last_error text,
                               OUT next text, OUT done bigint, OUT failed bigint, OUT seen bigint, OUT last_error text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_bulk   df.bulks;
    v_search df._search;
    v_after  record;
    v_page   bigint[];
    v_reason text;
    v_result record;
BEGIN
    SELECT * INTO v_bulk FROM df.bulks b WHERE b.instance_no = df._instance_no(p_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'df.bulk: nothing was asked of instance %', p_id USING ERRCODE = 'DF002', HINT = 'Call df.bulk.';
    END IF;
    v_search := jsonb_populate_record(NULL::df._search, v_bulk.search);
    v_reason := concat(v_bulk.reason || ' (', 'bulk ', p_id, CASE WHEN v_bulk.reason IS NOT NULL THEN ')' END);
    SELECT c.created_at, c.id INTO v_after FROM df._cursor_place(p_next) c;
    v_page := df._found(v_search, v_bulk.batch_size, v_after.created_at, v_after.id);
    IF cardinality(v_page) = v_bulk.batch_size THEN
        SELECT df._cursor(s.created_at, s.id) INTO next FROM df.submissions s WHERE s.instance_no = v_page[v_bulk.batch_size];
    END IF;
    -- Whatever was started later has a higher number.
    v_page := ARRAY(SELECT p FROM unnest(v_page) p WHERE p < v_bulk.instance_no);
    BEGIN
        SELECT * INTO v_result FROM df._bulk_page(v_bulk, v_search, v_page, v_reason, false);
    EXCEPTION WHEN OTHERS THEN
        -- Each by itself costs more, so only when one of them fails.
        SELECT * INTO v_result FROM df._bulk_page(v_bulk, v_search, v_page, v_reason, true);
    END;
    done := p_done + v_result.done;
    failed := p_failed + v_result.failed;
    seen := p_seen + cardinality(v_page);
    last_error := COALESCE(v_result.problem, p_last_error);
    PERFORM df.publish(p_id, jsonb_strip_nulls(jsonb_build_object(
        'done', done, 'failed', failed, 'seen', seen, 'expected', v_bulk.expected, 'capped', v_bulk.capped, 'last_error', last_error)));
END
$function$;
COMMENT ON FUNCTION df._bulk_batch(text, text, bigint, bigint, bigint, text) IS 'Internal: the next batch of df.bulk.';
