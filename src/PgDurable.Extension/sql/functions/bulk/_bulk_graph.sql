-- One graph for all of them: what each has to do is in df.bulks.
CREATE FUNCTION df._bulk_graph() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df.seq(df.seq(
        df.as('SELECT NULL AS next, 0 AS done, 0 AS failed, 0 AS seen, NULL AS last_error', 'batch'),
        df.pace(df.loop(
            df.as('SELECT b.* FROM df._bulk_batch($sys_instance_id, $batch.next?, $batch.done, $batch.failed, $batch.seen, '
                  '$batch.last_error?) b', 'batch'),
            'SELECT $batch.next? IS NOT NULL'), 0)),
        'SELECT $batch.done AS done, $batch.failed AS failed, $batch.seen AS seen, $batch.last_error? AS last_error');
END
$function$;
COMMENT ON FUNCTION df._bulk_graph() IS 'Internal: the graph of df.bulk.';
