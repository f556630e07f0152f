CREATE FUNCTION df._worker_schedule_changes() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_hints   tid[];
    v_changed bigint[];
    v_locked  bigint[];
BEGIN
    PERFORM df._require_worker();
    SELECT array_agg(h.address), array_agg(DISTINCT h.schedule_no) INTO v_hints, v_changed
      FROM (SELECT c.ctid AS address, c.schedule_no FROM df.schedule_changes c FOR UPDATE SKIP LOCKED) h;
    INSERT INTO df.schedule_runs (schedule_no, revision, dealt_with)
    SELECT e.schedule_no, e.revision, e.changed_at FROM df.schedule_entries e WHERE e.schedule_no = ANY (v_changed) ORDER BY e.schedule_no
    ON CONFLICT DO NOTHING;
    -- A schedule that another worker has locked is left for later: its hint stays.
    v_locked := ARRAY(SELECT r.schedule_no FROM df.schedule_runs r WHERE r.schedule_no = ANY (v_changed) FOR UPDATE SKIP LOCKED);
    DELETE FROM df.schedule_changes c
     WHERE c.ctid = ANY (v_hints)
       AND (c.schedule_no = ANY (v_locked) OR NOT EXISTS (SELECT FROM df.schedule_runs r WHERE r.schedule_no = c.schedule_no));
    UPDATE df.schedule_runs r SET due_at = '-infinity', pass = r.pass + 1 WHERE r.schedule_no = ANY (v_locked);
    DELETE FROM df.schedule_runs r
     WHERE r.schedule_no = ANY (v_locked) AND NOT EXISTS (SELECT FROM df.schedule_entries e WHERE e.schedule_no = r.schedule_no);
END
$function$;
COMMENT ON FUNCTION df._worker_schedule_changes() IS
    'Internal: makes new and changed schedules due, and deletes the state of those that were removed.';
