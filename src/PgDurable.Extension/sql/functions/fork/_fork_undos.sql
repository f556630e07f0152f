-- A fork takes over what was done, and the duty to undo it if it fails. It can't take over what has been undone, or what its source may
-- still undo.
CREATE FUNCTION df._fork_undos(p_instance bigint, p_tree df._step[], p_before integer) RETURNS df._step
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_live boolean := EXISTS (SELECT FROM df.queue q WHERE q.instance_no = p_instance);
BEGIN
    RETURN (SELECT p_tree[u.children[1] + 1]
              FROM unnest(p_tree) u
             WHERE u.node_type = 'UNDO'
               AND (v_live OR EXISTS (SELECT FROM df.checkpoints c
                                       WHERE c.instance_no = p_instance AND c.seq >= p_before
                                         AND c.node BETWEEN u.children[2] AND p_tree[u.children[2] + 1].last))
               -- It ran, in this iteration of its loop or in one whose end carried its undo over.
               AND EXISTS (SELECT FROM df.checkpoints c
                            WHERE c.instance_no = p_instance AND (p_before IS NULL OR c.seq < p_before)
                              AND (c.node BETWEEN u.children[1] AND p_tree[u.children[1] + 1].last
                                   OR p_tree[c.node + 1].node_type = 'LOOP'
                                      AND c.result::text ~ ('"undos":\[.*"node":' || u.children[2] || ',"path":')))
             ORDER BY u.node
             LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._fork_undos(bigint, df._step[], integer) IS
    'Internal: a step before a fork that has been undone, or that the running source may undo; NULL if there is none.';
