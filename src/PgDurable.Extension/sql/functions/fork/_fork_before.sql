-- The number of the first input that came after the node began; NULL if none did. Everything in its way runs one after the other, so what
-- was recorded before that is what ran before the node.
CREATE FUNCTION df._fork_before(p_instance bigint, p_tree df._step[], p_all df._execution[], p_point df._execution) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_self  df._execution := p_point;
    v_up    df._execution;
    v_after df._execution;
    v_from  integer[] := ARRAY[p_point.node];
    v_to    integer[] := ARRAY[p_tree[p_point.node + 1].last];
    v_paths text[] := ARRAY[p_point.path];
BEGIN
    WHILE v_self.parent > 0 LOOP
        v_up := p_all[v_self.parent];
        IF v_up.node_type = 'TIMEOUT' THEN
            v_from := v_from || v_up.node;
            v_to := v_to || v_up.node;
            v_paths := v_paths || v_up.path;
        END IF;
        FOR e IN v_up.first_child .. v_up.last_child LOOP
            v_after := p_all[e];
            CONTINUE WHEN CASE v_up.node_type WHEN 'IF' THEN v_self.place < 3 OR v_after.place = 3 ELSE v_after.place <= v_self.place END;
            v_from := v_from || v_after.node;
            v_to := v_to || p_tree[v_after.node + 1].last;
            v_paths := v_paths || v_after.path;
        END LOOP;
        v_self := v_up;
    END LOOP;
    RETURN (SELECT min(c.seq)
              FROM unnest(v_from, v_to, v_paths) a (first, last, path)
              JOIN df.checkpoints c ON c.node BETWEEN a.first AND a.last
                   AND (a.path = '' OR c.path = a.path OR starts_with(c.path, a.path || '/'))
             WHERE c.instance_no = p_instance);
END
$function$;
COMMENT ON FUNCTION df._fork_before(bigint, df._step[], df._execution[], df._execution) IS
    'Internal: the number of the first input of an instance that a fork at this execution does not take over.';
