-- What the engine knows of an instance, read from its checkpoints: which executions have ended, how, with which checkpoint, and whose result they have. From
-- the last execution to the first, so that children are known before their parent. Where the rows can't tell (a name that a loop carried over, why an
-- attempt was not repeated), a checkpoint of what comes afterwards is the proof.
CREATE FUNCTION df._fold(p_instance_no bigint)
RETURNS SETOF df._execution
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    e_parent   integer[];
    e_place    integer[];
    e_first    integer[];
    e_last     integer[];
    e_node     integer[];
    e_type     text[];
    e_query    text[];
    e_name     text[];
    e_children text[];
    e_path     text[];
    e_number   integer[];
    e_seq      integer[];
    e_failed   boolean[];
    v_began    timestamptz[];
    v_ended    timestamptz[];
    v_state    text[];       -- done, failed, broke; NULL while it has not ended
    v_end      integer[];    -- seq of the checkpoint with which it ended
    v_source   integer[];    -- the execution whose result or error is its own
    v_value    text[];       -- results that are in no checkpoint
    v_prefix   text[];       -- what the nodes above add to the error's message
    v_pick     integer[];    -- the arm that an IF took: 0 or 1
    v_touched  boolean[];    -- has a checkpoint at or below it
    v_total    integer;
    v_outcome  df.outcomes;
    v_first    integer;
    v_last     integer;
    v_from     integer;      -- the child whose end is this node's end
    v_as       text;         -- how that end counts, if not as what it was
    v_after    integer;      -- an end that came before it
    v_label    text;
    v_asked    integer;      -- the execution whose result decides
    v_json     json;
    v_holds    boolean;
BEGIN
    SELECT array_agg(e.parent), array_agg(e.place), array_agg(e.first_child), array_agg(e.last_child), array_agg(e.node), array_agg(e.node_type),
           array_agg(e.query), array_agg(e.result_name), array_agg(e.children::text), array_agg(e.path), array_agg(e.number), array_agg(e.seq),
           array_agg(e.failed), array_agg(e.started_at), array_agg(e.finished_at), count(*)
      INTO e_parent, e_place, e_first, e_last, e_node, e_type, e_query, e_name, e_children, e_path, e_number, e_seq, e_failed, v_began, v_ended, v_total
      FROM (SELECT * FROM df._executions(p_instance_no) e ORDER BY e.execution) e;
    IF v_total = 0 THEN
        RETURN;
    END IF;
    SELECT * INTO v_outcome FROM df.outcomes o WHERE o.instance_no = p_instance_no;
    -- An array that was assigned to is kept unpacked: its elements are found at once and not by counting.
    e_type[1] := e_type[1];
    e_query[1] := e_query[1];
    e_name[1] := e_name[1];
    e_path[1] := e_path[1];
    v_state := array_fill(NULL::text, ARRAY[v_total]);
    v_value := v_state;
    v_prefix := v_state;
    v_end := array_fill(NULL::integer, ARRAY[v_total]);
    v_source := v_end;
    v_pick := v_end;
    v_touched := array_fill(false, ARRAY[v_total]);

    -- Twice when something depends on a name, which an execution that comes later in this order may have bound.
    FOR v_pass IN 1 .. CASE WHEN EXISTS (SELECT FROM unnest(e_type, e_query) n (node_type, query)
                                          WHERE n.node_type = 'FOREACH' OR n.node_type = 'IF' AND n.query IS NOT NULL) THEN 2 ELSE 1 END LOOP
        FOR i IN REVERSE v_total .. 1 LOOP
            v_first := e_first[i];
            v_last := e_last[i];
            v_from := NULL;
            v_as := NULL;
            v_after := NULL;
            v_label := '';
            v_state[i] := NULL;
            v_touched[i] := e_seq[i] IS NOT NULL;
            FOR j IN v_first .. v_last LOOP
                v_touched[i] := v_touched[i] OR v_touched[j];
                v_began[i] := LEAST(v_began[i], v_began[j]);
                v_ended[i] := GREATEST(v_ended[i], v_ended[j]);
            END LOOP;

            IF e_failed[i] OR e_type[i] = 'TIMEOUT' AND e_seq[i] IS NOT NULL AND COALESCE(v_end[v_first] > e_seq[i], true) THEN
                v_state[i] := 'failed';
                v_end[i] := e_seq[i];
                v_source[i] := i;
                CONTINUE;
            END IF;

            -- The result on which it depends: of a condition, or of whatever bore the name last.
            v_asked := CASE
                WHEN e_type[i] = 'FOREACH' OR e_type[i] = 'IF' AND v_last - v_first = 1 THEN
                    (SELECT k FROM generate_series(1, v_total) k
                      WHERE e_name[k] = (e_query[i]::json ->> CASE e_type[i] WHEN 'FOREACH' THEN 'rows' ELSE 'result_name' END) AND v_state[k] = 'done'
                      ORDER BY v_end[k] DESC LIMIT 1)
                WHEN e_type[i] = 'IF' OR e_type[i] = 'LOOP' AND v_last > v_first THEN CASE v_state[v_last] WHEN 'done' THEN v_last END
            END;
            v_json := NULL;
            IF v_asked IS NOT NULL THEN
                v_asked := v_source[v_asked];
                v_json := COALESCE(v_value[v_asked]::json, (SELECT c.result FROM df.checkpoints c
                                    WHERE c.instance_no = p_instance_no AND c.node = e_node[v_asked] AND c.path = e_path[v_asked]));
            END IF;

            CASE e_type[i]
            WHEN 'THEN' THEN
                IF v_state[v_first] IS NULL AND v_touched[v_last] THEN
                    v_state[v_first] := 'done';
                END IF;
                v_from := CASE v_state[v_first] WHEN 'done' THEN v_last ELSE v_first END;
                v_after := v_end[v_first];
            WHEN 'UNDO', 'TIMEOUT' THEN
                v_from := v_first;
            WHEN 'IF' THEN
                v_holds := CASE
                    WHEN v_touched[v_first] THEN true
                    WHEN v_touched[v_first + 1] THEN false
                    WHEN v_json IS NULL THEN NULL
                    WHEN v_last - v_first = 1 THEN df._row_count(v_json) > 0
                    ELSE df._is_true(v_json) END;
                v_pick[i] := CASE v_holds WHEN true THEN 0 WHEN false THEN 1 END;
                v_from := CASE WHEN v_holds IS NOT NULL THEN v_first + v_pick[i]
                                WHEN v_last - v_first = 2 AND v_state[v_last] <> 'done' THEN v_last END;
                v_after := CASE v_last - v_first WHEN 2 THEN v_end[v_last] ELSE v_end[v_asked] END;
            WHEN 'LOOP' THEN
                v_from := CASE
                    WHEN v_state[v_first] IS DISTINCT FROM 'done' THEN v_first
                    -- Goes round again, unless there is a condition that does not hold.
                    WHEN v_json IS NOT NULL THEN CASE WHEN NOT df._is_true(v_json) THEN v_first END
                    WHEN v_last > v_first AND v_state[v_last] <> 'done' THEN v_last END;
                v_as := CASE v_state[v_from] WHEN 'broke' THEN 'done' END;
                v_after := CASE WHEN v_json IS NOT NULL THEN v_end[v_last] ELSE v_end[v_first] END;
            WHEN 'JOIN' THEN
                -- Waits for all, then the first that did not complete decides.
                IF NOT EXISTS (SELECT FROM generate_series(v_first, v_last) k WHERE v_state[k] IS NULL) THEN
                    SELECT min(k) FILTER (WHERE v_state[k] <> 'done'), max(v_end[k]) INTO v_from, v_after FROM generate_series(v_first, v_last) k;
                    v_label := format('JOIN branch %s failed: ', v_from - v_first + 1);
                    IF v_from IS NULL THEN
                        v_state[i] := 'done';
                    END IF;
                END IF;
            WHEN 'RACE' THEN
                v_from := (SELECT k FROM generate_series(v_first, v_last) k WHERE v_state[k] IS NOT NULL ORDER BY v_end[k], k LIMIT 1);
                v_label := format('RACE %s branch failed: ', CASE v_from - v_first WHEN 0 THEN 'left' WHEN 1 THEN 'right' ELSE (v_from - v_first + 1)::text END);
            WHEN 'TRY' THEN
                IF v_state[v_first] IS NULL AND v_touched[v_first + 1] THEN
                    v_state[v_first] := 'failed';
                END IF;
                v_from := CASE v_state[v_first] WHEN 'failed' THEN v_first + 1 ELSE v_first END;
                v_after := v_end[v_first];
                IF v_last - v_first = 2 AND v_state[v_from] IS NOT NULL THEN
                    v_after := v_end[v_last];
                    IF v_state[v_last] IS DISTINCT FROM 'done' THEN
                        v_from := v_last;
                    END IF;
                END IF;
            WHEN 'RETRY' THEN
                -- What failed is tried again, as long as the instance lives.
                IF v_state[v_first] <> 'failed' OR v_outcome.status IS NOT NULL OR e_number[v_first] >= (e_query[i]::json ->> 'max_attempts')::integer THEN
                    v_from := v_first;
                END IF;
            WHEN 'FOREACH' THEN
                SELECT min(k) FILTER (WHERE v_state[k] <> 'done'), max(v_end[k]) INTO v_from, v_after FROM generate_series(v_first, v_last) k;
                IF df._row_count(v_json) = 0 THEN
                    v_state[i] := 'done';
                    v_value[i] := '[]';
                ELSIF v_from IS NULL AND v_last - v_first + 1 >= COALESCE(df._row_count(v_json), CASE v_outcome.status WHEN 'completed' THEN 1 END)
                    AND NOT EXISTS (SELECT FROM generate_series(v_first, v_last) k WHERE v_state[k] IS NULL)
                THEN
                    v_state[i] := 'done';
                END IF;
            WHEN 'BREAK' THEN
                v_state[i] := 'broke';
                v_value[i] := df._break_value(e_query[i]);
            ELSE
                IF e_seq[i] IS NOT NULL THEN
                    v_state[i] := 'done';
                END IF;
            END CASE;
            IF v_state[i] IS NOT NULL THEN
                v_end[i] := COALESCE(e_seq[i], v_after, -1);
                v_source[i] := i;
                IF e_type[i] IN ('JOIN', 'FOREACH') AND v_value[i] IS NULL THEN
                    SELECT '[' || string_agg(COALESCE(v_value[v_source[k]], c.result::text, 'null'), ',' ORDER BY k) || ']' INTO v_value[i]
                      FROM generate_series(v_first, v_last) k
                      LEFT JOIN df.checkpoints c ON c.instance_no = p_instance_no AND c.node = e_node[v_source[k]] AND c.path = e_path[v_source[k]];
                END IF;
            ELSIF v_state[v_from] IS NOT NULL THEN
                v_state[i] := COALESCE(v_as, v_state[v_from]);
                v_end[i] := GREATEST(v_end[v_from], v_after);
                v_source[i] := v_source[v_from];
                v_prefix[i] := v_label || COALESCE(v_prefix[v_from], '');
            END IF;
        END LOOP;
    END LOOP;

    -- The outcome has the last word.
    IF v_outcome.status = 'completed' THEN
        v_state[1] := 'done';
        v_source[1] := COALESCE(v_source[1], 1);
        v_value[v_source[1]] := COALESCE(v_outcome.result::text, v_value[v_source[1]]);
    END IF;
    RETURN QUERY
    SELECT e.execution::integer, e.parent, e.place, e.first_child, e.node, e.node_type, e.query, e.result_name, e.children::integer[], e.path, e.number,
           e.state, e.ended_by, e.source, v_value[e.source]::json, e.prefix, e.pick, e.touched, e.began, e.ended
      FROM unnest(e_parent, e_place, e_first, e_node, e_type, e_query, e_name, e_children, e_path, e_number,
                  v_state, v_end, v_source, v_prefix, v_pick, v_touched, v_began, v_ended)
           WITH ORDINALITY e (parent, place, first_child, node, node_type, query, result_name, children, path, number,
                              state, ended_by, source, prefix, pick, touched, began, ended, execution);
END
$function$;
COMMENT ON FUNCTION df._fold(bigint) IS 'Internal: which executions of an instance have ended, and how; parents before children.';
