-- Children are not locked here: another worker may hold them, or a user's open transaction. The claim that takes the wakeup ends them.
CREATE FUNCTION df._ended(p_instances bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_told bigint;
BEGIN
    DELETE FROM df.signals s WHERE s.instance_no = ANY (p_instances);
    INSERT INTO df.wakeups (instance_no) SELECT t FROM unnest(df._drop_tasks(p_instances)) t;
    WITH watched AS (DELETE FROM df.watches w WHERE w.instance_no = ANY (p_instances) RETURNING w.instance_no)
    SELECT count(df._notify('df_ended', s.id)::text) INTO v_told FROM watched w JOIN df.submissions s ON s.instance_no = w.instance_no;
    INSERT INTO df.wakeups (instance_no)
    SELECT q.instance_no
      FROM (SELECT s.parent_no AS instance_no FROM df.submissions s WHERE s.instance_no = ANY (p_instances) AND s.parent_no IS NOT NULL
            UNION ALL
            SELECT s.instance_no FROM df.submissions s WHERE s.parent_no = ANY (p_instances) AND s.parent_node IS NOT NULL) s
     CROSS JOIN LATERAL (SELECT * FROM df.queue q WHERE q.instance_no = s.instance_no OFFSET 0) q;
    IF FOUND THEN
        PERFORM df._tell_workers('wake');
    END IF;
END
$function$;
COMMENT ON FUNCTION df._ended(bigint[]) IS
    'Internal: called after instances have left the queue: drops their signals and tasks, notifies their watchers, wakes their '
    'parents and children.';
