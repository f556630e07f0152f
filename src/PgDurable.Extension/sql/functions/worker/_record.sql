-- Inserts everything before it deletes anything: if an instance appears twice, the second entry can carry over what the first one
-- recorded.
CREATE FUNCTION df._record(p_worker integer, p_records json, p_instances bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_ended bigint[];
    v_tasks boolean := strpos(p_records::text, '_tasks":[') > 0;
BEGIN
    -- A null result is the JSON value null: there is always a result or an error. PostgreSQL can store JSON that contains \u0000, but
    -- can't take it apart; so a value may also come as the text of its JSON.
    INSERT INTO df.checkpoints (instance_no, started_at, finished_at, node, attempt, worker_id, seq, path, result, columns, error)
    SELECT r.instance, c.started_at, COALESCE(c.finished_at, clock_timestamp()), c.node, c.attempt, p_worker, c.seq, c.path,
           CASE WHEN c.error IS NULL AND c.error_text IS NULL THEN COALESCE(c.result, c.result_text::json, 'null') END,
           COALESCE(c.columns, c.columns_text::json), COALESCE(c.error, c.error_text::json)
      FROM json_to_recordset(p_records) AS r (instance bigint, checkpoints json)
     CROSS JOIN LATERAL json_to_recordset(r.checkpoints)
           AS c (node integer, path text, seq integer, attempt integer, started_at timestamptz, finished_at timestamptz, result json,
               columns json, error json,
                 result_text text, columns_text text, error_text text)
     WHERE r.instance = ANY (p_instances);

    PERFORM df._carry(r.instance, r.carry)
       FROM json_to_recordset(p_records) AS r (instance bigint, carry json)
      WHERE r.instance = ANY (p_instances) AND json_array_length(r.carry) > 0;

    DELETE FROM df.signals s
     USING json_to_recordset(p_records) AS r (instance bigint, take_signals json)
     CROSS JOIN LATERAL json_array_elements_text(r.take_signals) AS t (signal_no)
     WHERE r.instance = ANY (p_instances) AND s.instance_no = r.instance AND s.signal_no = t.signal_no::bigint;

    -- Most instances have no tasks, and parsing all records again costs more than looking for the word.
    IF v_tasks THEN
        PERFORM df._record_tasks(p_records, p_instances);
    END IF;
    WITH ends AS MATERIALIZED (
        SELECT r.instance, o.*
          FROM json_to_recordset(p_records) AS r (instance bigint, outcome json)
         CROSS JOIN LATERAL json_to_record(r.outcome)
            AS o (status text, result json, node integer, path text, error json, result_text text, error_text text)
         WHERE r.instance = ANY (p_instances) AND r.outcome IS NOT NULL
    ), ended AS (
        DELETE FROM df.queue q WHERE q.instance_no = ANY (ARRAY(SELECT e.instance FROM ends e)) RETURNING q.instance_no, q.started_at
    ), outcomes AS (
        INSERT INTO df.outcomes (instance_no, started_at, status, result_node, result_path, error, result)
        SELECT d.instance_no, d.started_at, e.status, e.node, e.path, COALESCE(e.error, e.error_text::json),
               CASE WHEN e.status = 'completed' AND e.node IS NULL THEN COALESCE(e.result, e.result_text::json, 'null') END
          FROM ended d JOIN ends e ON e.instance = d.instance_no
        RETURNING instance_no
    )
    SELECT array_agg(o.instance_no) INTO v_ended FROM outcomes o;
    IF v_ended IS NOT NULL THEN
        DELETE FROM df.retries y WHERE y.instance_no = ANY (v_ended);
        PERFORM df._ended(v_ended);
    END IF;
END
$function$;
COMMENT ON FUNCTION df._record(integer, json, bigint[]) IS
    'Internal: the part of df._worker_record for instances that are held and locked.';
