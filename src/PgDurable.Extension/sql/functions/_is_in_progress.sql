-- A transaction's number in a row has no epoch: it is at most half of all numbers ago.
CREATE FUNCTION df._is_in_progress(p_xid xid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT pg_xact_status((current - ((current - p_xid::text::bigint) & 4294967295))::text::xid8) = 'in progress'
      FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 2147483647 AS current) c
$function$;
COMMENT ON FUNCTION df._is_in_progress(xid) IS 'Internal: whether the transaction that wrote a row has not ended.';
