-- A row stores its transaction's number without an epoch; the number is at most half of all numbers old. A row that was frozen long ago
-- may have a number that looks like one still to come.
CREATE FUNCTION df._is_in_progress(p_xid xid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_latest bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 2147483647;
BEGIN
    RETURN pg_xact_status((v_latest - ((v_latest - p_xid::text::bigint) & 4294967295))::text::xid8) = 'in progress';
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END
$function$;
COMMENT ON FUNCTION df._is_in_progress(xid) IS 'Internal: whether the transaction that wrote a row is still in progress.';
