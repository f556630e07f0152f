CREATE FUNCTION df.list_instances_on_all_nodes(status_filter text DEFAULT NULL, limit_count integer DEFAULT 100,
                                               label_filter text DEFAULT NULL, skip_unreachable boolean DEFAULT false)
RETURNS TABLE (node integer, address text, instance_id text, label text, status text, execution_count bigint, output text,
               created_at timestamptz, completed_at timestamptz)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_answers json := '[]';
    v_node    record;
BEGIN
    SELECT json_agg(n) INTO v_answers
      FROM df._on_all_nodes(format('SELECT COALESCE(pg_catalog.json_agg(l), ''[]'') FROM df.list_instances(%L, %L, %L) l',
                                   status_filter, df._list_limit(limit_count), label_filter)) n;
    FOR v_node IN SELECT n.* FROM json_to_recordset(v_answers) n (address text, success boolean, result text) WHERE NOT n.success LOOP
        IF NOT skip_unreachable THEN
            RAISE EXCEPTION 'node % did not answer: %', v_node.address, v_node.result
                USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'skip_unreachable => true lists the instances of the others.';
        END IF;
        RAISE WARNING 'node % did not answer, so its instances are missing: %', v_node.address, v_node.result;
    END LOOP;

    RETURN QUERY
    SELECT n.node, n.address, i.instance_id, i.label, i.status, i.execution_count, i.output, i.created_at, i.completed_at
      FROM json_to_recordset(v_answers) n (node integer, address text, success boolean, result text)
     CROSS JOIN LATERAL json_to_recordset(CASE WHEN n.success THEN n.result::json ELSE '[]' END) i (
               instance_id text, label text, status text, execution_count bigint, output text, created_at timestamptz,
               completed_at timestamptz)
     ORDER BY i.created_at DESC, n.node
     LIMIT df._list_limit(limit_count);
END
$function$;
COMMENT ON FUNCTION df.list_instances_on_all_nodes(text, integer, text, boolean) IS
    'Your instances on every node of a Citus cluster, newest first. An id is unique on its node only.';
