-- What a name is bound to if no recorded execution has bound it. Only a loop that has finished an iteration leaves names in its row.
CREATE FUNCTION df._outside_result(p_instance_no bigint, p_name text) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF p_name = 'input' THEN
        RETURN (SELECT s.input::json FROM df.submissions s WHERE s.instance_no = p_instance_no);
    END IF;
    RETURN (SELECT c.names -> p_name -> 'result'
              FROM (SELECT c.seq, df._plain(c.result) -> 'names' AS names
                      FROM df.checkpoints c
                     WHERE c.instance_no = p_instance_no
                       AND c.node IN (SELECT l.node
                                        FROM df.submissions s
                                        JOIN df.graphs g ON g.graph_id = s.graph_id
                                       CROSS JOIN LATERAL df._graph_nodes(g.graph) l
                                       WHERE s.instance_no = p_instance_no AND l.node_type = 'LOOP')) c
             WHERE c.names -> p_name IS NOT NULL
             ORDER BY c.seq DESC LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._outside_result(bigint, text) IS
    'Internal: the result that a name got from the input, or from a loop iteration that is over.';
