-- The key makes one tick one instance, whatever happens to the schedule in the meantime, even if it is removed and created again.
CREATE FUNCTION df._scheduled(p_entry df.schedule_entries, p_tick timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_key      text := format('schedule %s %s', p_entry.name, to_char(p_tick AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'));
    v_workflow df.registrations := df._workflow(p_entry.owner, p_entry.workflow, p_entry.version);
    v_instance bigint;
BEGIN
    LOOP
        INSERT INTO df.submissions AS s
               (id, graph_id, submitted_by, label, input, idempotency_key, start_at, workflow, workflow_version, vars)
        VALUES (right(gen_random_uuid()::text, 8), v_workflow.graph_id, p_entry.owner, p_entry.name, p_entry.input, v_key,
                CASE WHEN p_entry.jitter_seconds > 0 THEN
                    p_tick + p_entry.jitter_seconds
                        * make_interval(secs => (hashtextextended(v_key, p_entry.schedule_no) & 1048575) / 1048576.0) END,
                v_workflow.workflow, v_workflow.version,
                (SELECT json_object_agg(v.name, v.value) FROM df.vars v WHERE v.owner = p_entry.owner AND v.value IS NOT NULL))
        ON CONFLICT DO NOTHING
        RETURNING s.instance_no INTO v_instance;
        EXIT WHEN FOUND;
        SELECT s.instance_no INTO v_instance FROM df.submissions s WHERE s.submitted_by = p_entry.owner AND s.idempotency_key = v_key;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN v_instance;
END
$function$;
COMMENT ON FUNCTION df._scheduled(df.schedule_entries, timestamptz) IS
    'Internal: starts the instance of one tick of a schedule in the name of its owner, or finds the one that already exists.';
