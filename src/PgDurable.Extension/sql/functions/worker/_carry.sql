-- The iteration of a loop is over: what it did is now in the loop's carried state.
CREATE FUNCTION df._carry(p_instance bigint, p_carry json) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM df.checkpoints c
     USING json_to_recordset(p_carry) AS y (first integer, last integer, path text)
     WHERE c.instance_no = p_instance AND c.node BETWEEN y.first AND y.last
       AND (c.path = y.path OR starts_with(c.path, y.path || '/'));
    DELETE FROM df.checkpoints c
     USING json_to_recordset(p_carry) AS y (loop integer, drop text)
     WHERE c.instance_no = p_instance AND c.node = y.loop AND c.path = y.drop;
    -- Its finished children belong to nobody any more, so that an endless loop does not accumulate them.
    UPDATE df.submissions s SET parent_node = NULL
      FROM json_to_recordset(p_carry) AS y (first integer, last integer, path text)
     WHERE s.parent_no = p_instance AND s.parent_node BETWEEN y.first AND y.last
       AND (s.parent_path = y.path OR starts_with(s.parent_path, y.path || '/'))
       AND NOT EXISTS (SELECT FROM df.queue q WHERE q.instance_no = s.instance_no);
END
$function$;
COMMENT ON FUNCTION df._carry(bigint, json) IS 'Internal: removes what is left of loop iterations that are over.';
