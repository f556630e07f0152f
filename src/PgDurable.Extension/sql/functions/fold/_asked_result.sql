-- Of a condition, when it has one; of whatever bore the name last otherwise.
CREATE FUNCTION df._asked_result(p_instance_no bigint, p_all df._execution[], p_self df._execution, p_named integer[]) RETURNS df._execution
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_name   text;
    v_asked  df._execution;
    v_other  df._execution;
    v_source df._execution;
    v_index  integer;
BEGIN
    IF p_self.node_type = 'LOOP' OR p_self.node_type = 'IF' AND p_self.last_child - p_self.first_child = 2 THEN
        v_asked := p_all[p_self.last_child];
        IF v_asked.state IS DISTINCT FROM 'done' THEN
            RETURN NULL;
        END IF;
    ELSE
        v_name := CASE p_self.node_type WHEN 'FOREACH' THEN p_self.query::json ->> 'rows' ELSE p_self.query::json ->> 'result_name' END;
        FOREACH v_index IN ARRAY p_named LOOP
            v_other := p_all[v_index];
            IF v_other.result_name = v_name AND COALESCE(v_other.ended_by > v_asked.ended_by, true)
                AND df._has_bound(p_all, v_index, p_self.execution)
            THEN
                v_asked := v_other;
            END IF;
        END LOOP;
        IF v_asked.execution IS NULL THEN
            v_asked.value := df._outside_result(p_instance_no, v_name);
            RETURN v_asked;
        END IF;
    END IF;
    v_source := p_all[v_asked.source];
    v_asked.value := v_source.value;
    IF v_asked.value IS NULL THEN
        SELECT c.result INTO v_asked.value FROM df.checkpoints c
         WHERE c.instance_no = p_instance_no AND c.node = v_source.node AND c.path = v_source.path;
    END IF;
    RETURN v_asked;
END
$function$;
COMMENT ON FUNCTION df._asked_result(bigint, df._execution[], df._execution, integer[]) IS
    'Internal: the execution, with its result as value, on which it depends what an IF, a LOOP or a FOREACH does.';
