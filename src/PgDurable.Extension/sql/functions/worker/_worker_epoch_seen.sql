-- If several workers report at once, one is enough: nobody waits for the row.
CREATE FUNCTION df._worker_epoch_seen() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._require_worker();
    DELETE FROM df._worker_epoch e
     WHERE e.epoch_id IN (SELECT d.epoch_id FROM df._worker_epoch d WHERE d.last_seen_at < clock_timestamp() - interval '30 seconds'
         FOR UPDATE SKIP LOCKED);
    UPDATE df._worker_epoch e SET last_seen_at = clock_timestamp()
     WHERE e.epoch_id IN (SELECT d.epoch_id FROM df._worker_epoch d FOR UPDATE SKIP LOCKED);
    IF NOT FOUND AND NOT EXISTS (SELECT FROM df._worker_epoch) THEN
        INSERT INTO df._worker_epoch (started_at, last_seen_at) VALUES (clock_timestamp(), clock_timestamp());
    END IF;
END
$function$;
COMMENT ON FUNCTION df._worker_epoch_seen() IS 'Internal: keeps the row of df._worker_epoch fresh.';
