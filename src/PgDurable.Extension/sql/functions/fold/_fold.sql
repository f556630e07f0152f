-- What the engine knows of an instance, read from its checkpoints: which executions have ended, how, with which checkpoint, and whose
-- result they have. From the last execution to the first, so that children are known before their parent. Where the rows can't tell (a
-- name that a loop carried over, why an attempt was not repeated), a checkpoint of what comes afterwards is the proof.
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
    e_fatal    boolean[];
    v_began    timestamptz[];
    v_ended    timestamptz[];
    v_state    text[];       -- done, failed, broke; NULL while it has not ended
    v_end      integer[];    -- seq of the checkpoint with which it ended
    v_source   integer[];    -- the execution whose result or error is its own
    v_value    text[];       -- results that are in no checkpoint
    v_prefix   text[];       -- what the nodes above add to the error's message
    v_pick     integer[];    -- the arm that an IF took: 0 or 1
    v_touched  boolean[];    -- has a checkpoint at or below it
    v_fatal    boolean[];    -- its failure is one after which no loop goes on
    v_is_fatal boolean;
    v_goes_on  boolean[];    -- a loop that continues on failure
    v_inside   boolean[];    -- in the body of such a loop
    v_flag     boolean;
    v_total    integer;
    v_outcome  df.outcomes;
    v_first    integer;
    v_last     integer;
    v_from     integer;      -- the child whose end is this node's end
    v_as       text;         -- how that end counts, if not as what it was
    v_after    integer;      -- an end that came before it
    v_label    text;
    v_seq      integer;
    v_own      text;
    v_text     text;
    v_parts    text[];
    v_count    bigint;
    v_open     boolean;      -- of the children: whether one has not ended
    v_failed   integer;      -- the first that did not complete
    v_winner   integer;      -- the one that ended first
    v_latest   integer;      -- the last end
    v_any      boolean;
    v_min      timestamptz;
    v_max      timestamptz;
    v_asked    integer;      -- the execution whose result decides
    v_json     json;
    v_name     text;
    v_holds    boolean;
BEGIN
    SELECT array_agg(e.parent), array_agg(e.place), array_agg(e.first_child), array_agg(e.last_child), array_agg(e.node),
           array_agg(e.node_type), array_agg(e.query), array_agg(e.result_name), array_agg(e.children::text), array_agg(e.path),
           array_agg(e.number), array_agg(e.seq), array_agg(e.failed), array_agg(e.fatal), array_agg(e.started_at), array_agg(e.finished_at), count(*)
      INTO e_parent, e_place, e_first, e_last, e_node, e_type, e_query, e_name, e_children, e_path, e_number, e_seq, e_failed, e_fatal,
           v_began, v_ended, v_total
      FROM (SELECT * FROM df._executions(p_instance_no) e ORDER BY e.execution) e;
    IF v_total = 0 THEN
        RETURN;
    END IF;
    SELECT * INTO v_outcome FROM df.outcomes o WHERE o.instance_no = p_instance_no;
    v_state := array_fill(NULL::text, ARRAY[v_total]);
    v_value := v_state;
    v_prefix := v_state;
    v_end := array_fill(NULL::integer, ARRAY[v_total]);
    v_source := v_end;
    v_pick := v_end;
    v_touched := array_fill(false, ARRAY[v_total]);
    v_fatal := v_touched;
    v_inside := v_touched;
    v_goes_on := ARRAY(SELECT CASE n.node_type WHEN 'LOOP' THEN COALESCE(n.query::json ->> 'continue_on_failure' = 'true', false) ELSE false END
                         FROM unnest(e_type, e_query) WITH ORDINALITY n (node_type, query, execution) ORDER BY n.execution);
    IF true = ANY (v_goes_on) THEN
        FOR i IN 2 .. v_total LOOP
            v_flag := v_inside[e_parent[i]] OR v_goes_on[e_parent[i]] AND e_place[i] = 1;
            v_inside[i] := v_flag;
        END LOOP;
    END IF;

    -- No assignment to an element reads the same array: it would copy the array each time.
    -- Twice when something depends on a name, which an execution that comes later in this order may have bound.
    FOR v_pass IN 1 .. CASE WHEN EXISTS (SELECT FROM unnest(e_type, e_query) n (node_type, query)
                                          WHERE n.node_type = 'FOREACH' OR n.node_type = 'IF' AND n.query IS NOT NULL)
                         THEN 2 ELSE 1 END LOOP
        FOR i IN REVERSE v_total .. 1 LOOP
            v_first := e_first[i];
            v_last := e_last[i];
            v_seq := e_seq[i];
            v_own := NULL;
            v_text := NULL;
            v_from := NULL;
            v_as := NULL;
            v_after := NULL;
            v_label := '';

            v_any := v_seq IS NOT NULL;
            v_min := v_began[i];
            v_max := v_ended[i];
            v_open := false;
            v_failed := NULL;
            v_is_fatal := false;
            v_winner := NULL;
            v_latest := NULL;
            FOR j IN v_first .. v_last LOOP
                v_any := v_any OR v_touched[j];
                v_min := LEAST(v_min, v_began[j]);
                v_max := GREATEST(v_max, v_ended[j]);
                v_latest := GREATEST(v_latest, v_end[j]);
                IF v_state[j] IS NULL THEN
                    v_open := true;
                ELSE
                    -- The first one decides; in a loop that continues on failure a fatal one does.
                    IF v_state[j] <> 'done' AND (v_failed IS NULL OR v_inside[i] AND v_fatal[j] AND NOT v_is_fatal) THEN
                        v_failed := j;
                        v_is_fatal := v_inside[i] AND v_fatal[j];
                    END IF;
                    IF v_winner IS NULL OR v_end[j] < v_end[v_winner] THEN
                        v_winner := j;
                    END IF;
                END IF;
            END LOOP;
            v_touched[i] := v_any;
            v_began[i] := v_min;
            v_ended[i] := v_max;

            -- The result on which it depends: of a condition, or of whatever bore the name last.
            v_asked := NULL;
            v_json := NULL;
            v_name := CASE WHEN e_type[i] = 'FOREACH' THEN e_query[i]::json ->> 'rows'
                           WHEN e_type[i] = 'IF' AND v_last - v_first = 1 THEN e_query[i]::json ->> 'result_name' END;
            IF v_name IS NOT NULL THEN
                SELECT k.execution INTO v_asked FROM unnest(e_name, v_state, v_end) WITH ORDINALITY k (name, state, ended_by, execution)
                 WHERE k.name = v_name AND k.state = 'done' ORDER BY k.ended_by DESC LIMIT 1;
                IF v_asked IS NULL THEN
                    v_json := df._outside_result(p_instance_no, v_name, e_node, e_type);
                END IF;
            ELSIF e_type[i] = 'IF' OR e_type[i] = 'LOOP' AND v_last > v_first THEN
                v_asked := CASE v_state[v_last] WHEN 'done' THEN v_last END;
            END IF;
            IF v_asked IS NOT NULL THEN
                v_asked := v_source[v_asked];
                v_json := COALESCE(v_value[v_asked]::json, (SELECT c.result FROM df.checkpoints c
                                    WHERE c.instance_no = p_instance_no AND c.node = e_node[v_asked] AND c.path = e_path[v_asked]));
            END IF;

            IF e_failed[i] OR e_type[i] = 'TIMEOUT' AND v_seq IS NOT NULL AND COALESCE(v_end[v_first] > v_seq, true) THEN
                v_own := 'failed';
            ELSE
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
                v_from := CASE WHEN v_holds THEN v_first WHEN NOT v_holds THEN v_first + 1
                               WHEN v_last - v_first = 2 AND v_state[v_last] <> 'done' THEN v_last END;
                v_after := CASE v_last - v_first WHEN 2 THEN v_end[v_last] ELSE v_end[v_asked] END;
            WHEN 'LOOP' THEN
                v_from := CASE
                    -- The next iteration begins, or the undos of this one run before.
                    WHEN v_goes_on[i] AND v_state[v_first] = 'failed' AND NOT v_fatal[v_first] THEN NULL
                    WHEN v_state[v_first] IS DISTINCT FROM 'done' THEN v_first
                    -- Goes round again, unless there is a condition that does not hold.
                    WHEN v_json IS NOT NULL THEN CASE WHEN NOT df._is_true(v_json) THEN v_first END
                    WHEN v_last > v_first AND v_state[v_last] <> 'done' THEN v_last END;
                v_as := CASE v_state[v_from] WHEN 'broke' THEN 'done' END;
                v_after := CASE WHEN v_json IS NOT NULL THEN v_end[v_last] ELSE v_end[v_first] END;
            WHEN 'JOIN' THEN
                -- Waits for all, then the first that did not complete decides.
                v_from := CASE WHEN NOT v_open THEN v_failed END;
                v_label := format('JOIN branch %s failed: ', v_from - v_first + 1);
                v_own := CASE WHEN NOT v_open AND v_failed IS NULL THEN 'done' END;
                v_after := v_latest;
            WHEN 'RACE' THEN
                v_from := v_winner;
                v_label := format('RACE %s failed: ', CASE v_from - v_first WHEN 0 THEN 'left branch' WHEN 1 THEN 'right branch'
                                                                            ELSE 'branch ' || v_from - v_first + 1 END);
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
                v_from := v_first;
                IF v_state[v_first] = 'failed' AND v_outcome.status IS NULL
                    AND e_number[v_first] < (e_query[i]::json ->> 'max_attempts')::integer
                THEN
                    v_asked := v_source[v_first];
                    SELECT CASE WHEN NOT df._is_retryable(e_query[i], COALESCE(df._plain(c.error) ->> 'sqlstate', 'DF005')) THEN v_first END
                      INTO v_from FROM df.checkpoints c
                     WHERE c.instance_no = p_instance_no AND c.node = e_node[v_asked] AND c.path = e_path[v_asked];
                END IF;
            WHEN 'FOREACH' THEN
                -- After a failure no item begins; those that have begun are waited for.
                v_from := CASE WHEN NOT v_open THEN v_failed END;
                v_label := format('FOREACH item %s failed: ', e_number[v_failed]);
                v_after := v_latest;
                v_count := COALESCE(df._row_count(v_json), CASE v_outcome.status WHEN 'completed' THEN 1 END);
                IF v_count = 0 THEN
                    v_own := 'done';
                    v_text := '[]';
                ELSIF NOT v_open AND v_failed IS NULL AND v_last - v_first + 1 >= v_count THEN
                    v_own := 'done';
                END IF;
            WHEN 'BREAK' THEN
                v_own := 'broke';
                v_text := df._break_value(e_query[i]);
            ELSE
                v_own := CASE WHEN v_seq IS NOT NULL THEN 'done' END;
            END CASE;
            END IF;

            IF v_own IS NOT NULL THEN
                v_end[i] := COALESCE(v_seq, v_after, -1);
                v_source[i] := i;
                v_flag := e_fatal[i];
                v_fatal[i] := v_flag;
                IF v_own = 'done' AND e_type[i] IN ('JOIN', 'FOREACH') AND v_text IS NULL THEN
                    v_parts := '{}';
                    FOR j IN v_first .. v_last LOOP
                        v_asked := v_source[j];
                        v_text := COALESCE(v_value[v_asked], (SELECT c.result::text FROM df.checkpoints c
                                                               WHERE c.instance_no = p_instance_no AND c.node = e_node[v_asked]
                                                                 AND c.path = e_path[v_asked]), 'null');
                        v_parts := v_parts || v_text;
                    END LOOP;
                    v_text := '[' || array_to_string(v_parts, ',') || ']';
                END IF;
                v_value[i] := v_text;
            ELSIF v_state[v_from] IS NOT NULL THEN
                v_own := COALESCE(v_as, v_state[v_from]);
                v_after := GREATEST(v_end[v_from], v_after);
                v_end[i] := v_after;
                v_asked := v_source[v_from];
                v_source[i] := v_asked;
                -- A condition that fails would be asked again by the loops around.
                v_flag := v_fatal[v_from] OR e_type[i] = 'LOOP' AND v_from > v_first;
                v_fatal[i] := v_flag;
                v_label := v_label || COALESCE(v_prefix[v_from], '');
                v_prefix[i] := v_label;
            END IF;
            v_state[i] := v_own;
            IF v_own IS NULL THEN
                v_end[i] := NULL;
            END IF;
        END LOOP;
    END LOOP;

    -- The outcome has the last word.
    IF v_outcome.status = 'completed' THEN
        v_state[1] := 'done';
        v_asked := COALESCE(v_source[1], 1);
        v_source[1] := v_asked;
        IF v_outcome.result IS NOT NULL THEN
            v_value[v_asked] := v_outcome.result::text;
        END IF;
    ELSIF v_outcome.status = 'failed' AND v_state[1] = 'broke' THEN
        v_state[1] := 'failed';
    END IF;
    RETURN QUERY
    SELECT e.execution::integer, e.parent, e.place, e.first_child, e.node, e.node_type, e.query, e.result_name, e.children::integer[],
           e.path, e.number, e.state, e.ended_by, e.source, e.value::json, e.prefix, e.pick, e.touched, e.began, e.ended
      FROM unnest(e_parent, e_place, e_first, e_node, e_type, e_query, e_name, e_children, e_path, e_number,
                  v_state, v_end, v_source, v_value, v_prefix, v_pick, v_touched, v_began, v_ended)
           WITH ORDINALITY e (parent, place, first_child, node, node_type, query, result_name, children, path, number,
                              state, ended_by, source, value, prefix, pick, touched, began, ended, execution);
END
$function$;
COMMENT ON FUNCTION df._fold(bigint) IS 'Internal: which executions of an instance have ended, and how; parents before children.';
