-- What the engine knows of an instance, read from its checkpoints: which executions have ended, how, with which checkpoint, and whose
-- result they have. From the last execution to the first, so that children are known before their parent. Where the rows can't tell (a
-- name that a loop carried over, why an attempt was not repeated), a checkpoint of what comes afterwards is the proof.
-- With generic plans: to plan its statements for each instance takes longer than to run them.
CREATE FUNCTION df._fold(p_instance_no bigint) RETURNS df._execution[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    v_rows    df._execution[] := df._executions(p_instance_no);
    v_all     df._execution[] := v_rows;
    v_self    df._execution;
    v_child   df._execution;
    v_ending  df._ending;
    v_names   text[] := ARRAY(SELECT DISTINCT n.name
                                FROM (SELECT CASE e.node_type WHEN 'FOREACH' THEN e.query::json ->> 'rows'
                                                              WHEN 'IF' THEN e.query::json ->> 'result_name' END AS name
                                        FROM unnest(v_rows) e WHERE e.node_type IN ('FOREACH', 'IF')) n
                               WHERE n.name IS NOT NULL);
    v_named   integer[] := ARRAY(SELECT e.execution FROM unnest(v_rows) e WHERE e.result_name = ANY (v_names));
    v_outcome df.outcomes;
BEGIN
    IF v_rows IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT o.* INTO v_outcome FROM df.outcomes o WHERE o.instance_no = p_instance_no;
    -- Twice when something depends on a name, which an execution that comes later in this order may have bound.
    FOR v_pass IN 1 .. CASE WHEN v_names = '{}' THEN 1 ELSE 2 END LOOP
        FOR i IN REVERSE cardinality(v_rows) .. 1 LOOP
            v_self := v_rows[i];
            v_self.touched := v_self.seq IS NOT NULL;
            FOR j IN v_self.first_child .. v_self.last_child LOOP
                v_child := v_all[j];
                v_self.touched := v_self.touched OR v_child.touched;
                v_self.began := LEAST(v_self.began, v_child.began);
                v_self.ended := GREATEST(v_self.ended, v_child.ended);
            END LOOP;

            v_ending := NULL;
            IF v_self.failed THEN
                v_ending.state := 'failed';
            ELSIF v_self.node_type IN ('THEN', 'TRY', 'UNDO', 'TIMEOUT') THEN
                v_ending := df._end_of_sequence(v_all, v_self);
            ELSIF v_self.node_type IN ('JOIN', 'RACE', 'FOREACH') THEN
                v_ending := df._end_of_branches(p_instance_no, v_all, v_self, v_named, v_outcome.status);
            ELSIF v_self.node_type = 'IF' THEN
                v_ending := df._end_of_if(p_instance_no, v_all, v_self, v_named);
            ELSIF v_self.node_type = 'LOOP' THEN
                v_ending := df._end_of_loop(p_instance_no, v_all, v_self);
            ELSIF v_self.node_type = 'RETRY' THEN
                v_ending := df._end_of_retry(p_instance_no, v_all, v_self);
            ELSIF v_self.node_type = 'BREAK' THEN
                v_ending.state := 'broke';
                v_ending.value := df._break_value(v_self.query);
            ELSIF v_self.seq IS NOT NULL THEN
                v_ending.state := 'done';
            END IF;

            v_self.pick := v_ending.pick;
            IF v_ending.state IS NOT NULL THEN
                v_self.state := v_ending.state;
                v_self.ended_by := COALESCE(v_self.seq, v_ending.after, -1);
                v_self.source := i;
                v_self.value := v_ending.value;
            ELSIF v_ending.child IS NOT NULL THEN
                v_child := v_all[v_ending.child];
                IF v_child.state IS NOT NULL THEN
                    v_self.state := COALESCE(v_ending.counts_as, v_child.state);
                    v_self.ended_by := GREATEST(v_child.ended_by, v_ending.after);
                    v_self.source := v_child.source;
                    -- A condition that fails would be asked again by the loops around.
                    v_self.fatal := v_child.fatal OR v_self.node_type = 'LOOP' AND v_child.place = 2;
                    v_self.prefix := COALESCE(v_ending.label, '') || COALESCE(v_child.prefix, '');
                END IF;
            END IF;
            v_all[i] := v_self;
            IF v_ending.proven IS NOT NULL THEN
                v_child := v_all[v_self.first_child];
                v_child.state := v_ending.proven;
                v_all[v_self.first_child] := v_child;
            END IF;
        END LOOP;
    END LOOP;

    -- The outcome has the last word.
    v_self := v_all[1];
    IF v_outcome.status = 'completed' THEN
        v_self.state := 'done';
        v_self.source := COALESCE(v_self.source, 1);
        v_all[1] := v_self;
        IF v_outcome.result IS NOT NULL THEN
            v_child := v_all[v_self.source];
            v_child.value := v_outcome.result;
            v_all[v_child.execution] := v_child;
        END IF;
    ELSIF v_outcome.status = 'failed' AND v_self.state = 'broke' THEN
        v_self.state := 'failed';
        v_all[1] := v_self;
    END IF;
    RETURN v_all;
END
$function$;
COMMENT ON FUNCTION df._fold(bigint) IS 'Internal: which executions of an instance have ended, and how; parents before children.';
