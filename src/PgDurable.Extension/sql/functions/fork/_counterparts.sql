-- Compares two graphs as far as an instance has come, and finds the node of the new one that takes the place of each of the old one. An
-- instance that has recorded something can continue with the new graph if the engine takes the same way through it.
--
-- Chains of THEN nodes without a name are compared as lists: a step that is appended to a sequence makes all of it deeper, and changes the
-- number of every node.
--
-- p_levels says for each node of the old graph what must be the same: 0 nothing; 1 only that there is a node in its place; 2 its kind;
-- 3 the node; 4 the node and everything below it.
CREATE FUNCTION df._counterparts(p_old df._step[], p_new df._step[], p_levels integer[], OUT counterparts integer[], OUT differs integer)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    s_old   integer[] := '{0}';
    s_new   integer[] := '{0}';
    v_top   integer := 1;
    v_level integer;
    v_olds  integer[];
    v_news  integer[];
    v_old   df._step;
    v_new   df._step;
BEGIN
    counterparts := array_fill(NULL::integer, ARRAY[cardinality(p_old)]);
    WHILE v_top > 0 LOOP
        v_level := p_levels[s_old[v_top] + 1];
        v_olds := df._chain(p_old, s_old[v_top]);
        v_news := df._chain(p_new, s_new[v_top]);
        v_top := v_top - 1;
        FOR i IN 1 .. cardinality(v_olds) LOOP
            CONTINUE WHEN p_levels[v_olds[i] + 1] = 0;
            v_old := p_old[v_olds[i] + 1];
            differs := v_old.node;
            IF i > cardinality(v_news) THEN
                RETURN;
            END IF;
            v_new := p_new[v_news[i] + 1];
            counterparts[v_old.node + 1] := v_new.node;
            CONTINUE WHEN p_levels[v_old.node + 1] = 1;
            IF (v_old.node_type, v_old.result_name) IS DISTINCT FROM (v_new.node_type, v_new.result_name)
                OR p_levels[v_old.node + 1] > 2 AND v_old.query IS DISTINCT FROM v_new.query
                OR cardinality(v_old.children) <> cardinality(v_new.children)
                    AND (p_levels[v_old.node + 1] = 4 OR v_old.node_type IN ('JOIN', 'RACE'))
            THEN
                RETURN;
            END IF;
            FOR j IN 1 .. cardinality(v_old.children) LOOP
                CONTINUE WHEN p_levels[v_old.children[j] + 1] = 0;
                IF v_new.children[j] IS NULL THEN
                    differs := v_old.children[j];
                    RETURN;
                END IF;
                v_top := v_top + 1;
                s_old[v_top] := v_old.children[j];
                s_new[v_top] := v_new.children[j];
            END LOOP;
        END LOOP;
        -- What was over would go on.
        IF v_level = 4 AND cardinality(v_news) > cardinality(v_olds) THEN
            differs := v_olds[cardinality(v_olds)];
            RETURN;
        END IF;
    END LOOP;
    differs := NULL;
END
$function$;
COMMENT ON FUNCTION df._counterparts(df._step[], df._step[], integer[]) IS
    'Internal: for each node of a graph the one in its place in another graph, or the first one that differs where it must not.';
