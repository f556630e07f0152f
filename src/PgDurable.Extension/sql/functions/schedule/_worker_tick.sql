-- One transaction: the instances start and the schedule moves on, or neither. A worker that planned at the same time finds the row
-- locked, or a later pass.
--
-- It does not wait long for anybody: the owner may hold an open transaction that has used the tick's key, or has locked an instance that
-- is to be cancelled. Then nothing changes, and the same ticks are planned again a second later. With p_problem, nothing could be planned
-- and nothing is dealt with.
CREATE FUNCTION df._worker_tick(p_schedule bigint, p_pass bigint, p_revision integer, p_upto timestamptz, p_ticks timestamptz[],
                                p_next timestamptz, p_problem text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms'
AS $function$
DECLARE
    c_max_queued CONSTANT integer := 100;
    v_run        df.schedule_runs;
    v_entry      df.schedule_entries;
    v_ticks      timestamptz[];
    v_problem    text;
BEGIN
    PERFORM df._require_worker();
    SELECT * INTO v_run FROM df.schedule_runs r WHERE r.schedule_no = p_schedule AND r.pass = p_pass FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v_entry FROM df.schedule_entries e WHERE e.schedule_no = p_schedule AND e.revision = p_revision;
    IF NOT FOUND THEN
        RETURN NULL; -- changed since it was planned; a hint says so
    ELSIF NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = v_entry.owner) THEN
        -- Nobody is left who could look at it.
        DELETE FROM df.schedule_entries e WHERE e.schedule_no = p_schedule;
        RETURN format('schedule %s was removed because its owner was dropped', v_entry.name);
    ELSIF v_entry.paused OR v_entry.restored THEN
        UPDATE df.schedule_runs r SET due_at = 'infinity', next_run = NULL, pass = r.pass + 1 WHERE r.schedule_no = p_schedule;
        RETURN NULL;
    END IF;

    v_run.revision := p_revision;
    v_run.dealt_with := p_upto;
    v_run.next_run := p_next;
    BEGIN
        v_problem := COALESCE(p_problem, df._start_problem(v_entry.owner), (
            SELECT format('workflow "%s"%s is not registered', v_entry.workflow, ' version ' || v_entry.version)
             WHERE NOT EXISTS (SELECT FROM df.registrations w
                                WHERE w.owner = v_entry.owner AND w.workflow = v_entry.workflow
                                  AND w.version = COALESCE(v_entry.version, w.version))), (
            SELECT format('the variables of role %s are larger than 1 MB', v_entry.owner)
              FROM df.vars v WHERE v.owner = v_entry.owner HAVING sum(octet_length(v.value)) > 1048576));
        v_run.running := ARRAY(
            SELECT i FROM unnest(v_run.running || v_run.last_instance) i
             WHERE EXISTS (SELECT FROM df.queue q WHERE q.instance_no = i) GROUP BY i ORDER BY i);
        v_ticks := v_run.queued || p_ticks;
        v_run.queued := '{}';
        IF v_entry.overlap = 'cancel_running' THEN
            v_ticks := v_ticks[cardinality(v_ticks):]; -- the others would be cancelled at once
        END IF;
        WHILE v_problem IS NULL AND cardinality(v_ticks) > 0 LOOP
            IF cardinality(v_run.running) > 0 AND v_entry.overlap = 'queue' THEN
                v_run.queued := v_ticks[GREATEST(1, cardinality(v_ticks) - c_max_queued + 1):];
                v_problem := CASE WHEN cardinality(v_ticks) > c_max_queued
                    THEN format('more than %s ticks are waiting; the oldest were dropped', c_max_queued) END;
                EXIT;
            ELSIF cardinality(v_run.running) > 0 AND v_entry.overlap = 'cancel_running' THEN
                FOR i IN 1 .. cardinality(v_run.running) LOOP
                    IF NOT df._worker_cancel(v_run.running[i], format('the next run of schedule %s begins', v_entry.name)) THEN
                        RAISE lock_not_available;
                    END IF;
                END LOOP;
                v_run.running := '{}';
            END IF;
            IF cardinality(v_run.running) = 0 OR v_entry.overlap <> 'skip' THEN
                v_run.last_instance := df._scheduled(v_entry, v_ticks[1]);
                v_run.last_run := v_ticks[1];
                v_run.running := (v_run.running || v_run.last_instance)[GREATEST(1, cardinality(v_run.running) - 998):];
            END IF;
            v_ticks := v_ticks[2:];
        END LOOP;
    EXCEPTION
        WHEN lock_not_available OR deadlock_detected OR SQLSTATE 'DF014' THEN
            UPDATE df.schedule_runs r SET due_at = clock_timestamp() + interval '1 second', pass = r.pass + 1
             WHERE r.schedule_no = p_schedule;
            RETURN NULL;
        WHEN OTHERS THEN
            -- One schedule must not keep the others from ticking.
            UPDATE df.schedule_runs r SET due_at = clock_timestamp() + interval '1 minute', problem = SQLERRM, pass = r.pass + 1
             WHERE r.schedule_no = p_schedule;
            RETURN SQLERRM;
    END;

    UPDATE df.schedule_runs r
       SET revision = v_run.revision, dealt_with = v_run.dealt_with, next_run = v_run.next_run, last_run = v_run.last_run,
           last_instance = v_run.last_instance, running = v_run.running, queued = v_run.queued, problem = v_problem, pass = r.pass + 1,
           due_at = CASE WHEN p_problem IS NOT NULL THEN clock_timestamp() + interval '1 minute'
                         WHEN v_run.queued <> '{}' THEN LEAST(v_run.next_run, clock_timestamp() + interval '1 second')
                         ELSE COALESCE(v_run.next_run, 'infinity') END
     WHERE r.schedule_no = p_schedule;
    RETURN v_problem;
END
$function$;
COMMENT ON FUNCTION df._worker_tick(bigint, bigint, integer, timestamptz, timestamptz[], timestamptz, text) IS
    'Internal: starts the ticks of a schedule up to a time, as its overlap policy says, and records the next one. Returns what stood in '
    'the way; NULL if nothing did, or if another worker was faster.';
