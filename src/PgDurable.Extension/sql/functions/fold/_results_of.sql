CREATE FUNCTION df._results_of(p_instance_no bigint, p_all df._execution[], p_self df._execution) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source  df._execution;
    v_result  text;
    v_results text[] := '{}';
BEGIN
    FOR j IN p_self.first_child .. p_self.last_child LOOP
        v_source := p_all[p_all[j].source];
        v_result := v_source.value;
        IF v_result IS NULL THEN
            SELECT c.result INTO v_result FROM df.checkpoints c
             WHERE c.instance_no = p_instance_no AND c.node = v_source.node AND c.path = v_source.path;
        END IF;
        v_results := array_append(v_results, COALESCE(v_result, 'null'));
    END LOOP;
    RETURN '[' || array_to_string(v_results, ',') || ']';
END
$function$;
COMMENT ON FUNCTION df._results_of(bigint, df._execution[], df._execution) IS 'Internal: the results of all children as one array.';
