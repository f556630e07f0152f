-- What a name is bound to if no recorded execution has bound it.
CREATE FUNCTION df._outside_result(p_instance_no bigint, p_name text, p_nodes integer[], p_types text[]) RETURNS json
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
                       AND c.node IN (SELECT l.node FROM unnest(p_nodes, p_types) l (node, type) WHERE l.type = 'LOOP')) c
             WHERE c.names -> p_name IS NOT NULL
             ORDER BY c.seq DESC LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._outside_result(bigint, text, integer[], text[]) IS
    'Internal: the result that a name got from the input, or from a loop iteration that is over.';
