-- Rows get into the queue through the triggers on what users write. A row that gets there any other way comes from a dump, which is
-- restored in several transactions: other tables come later, some of them the user's own. A worker that began before the last of them
-- would miss checkpoints and run steps again. So worker 0, which does not exist, holds such a row. A restore that also creates the
-- extension in its single transaction does not need this.
CREATE FUNCTION df._restored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_durable' AND e.xmin = pg_current_xact_id()::xid) THEN
        -- Free: the worker that held it is in another cluster.
        NEW.worker_id := NULL;
        RETURN NEW;
    END IF;
    IF current_setting('df.restored', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM set_config('df.restored', pg_current_xact_id()::text, true);
        RAISE WARNING 'pg_durable: restored instances are held until you confirm that the restore is complete'
            USING HINT = 'To confirm it, call df.resume_restored() in this database. With --single-transaction the instances go on by '
                         'themselves.';
    END IF;
    NEW.worker_id := 0;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._restored() IS 'Internal: holds instances that come from a dump until df.resume_restored().';
CREATE TRIGGER restored BEFORE INSERT ON df.queue FOR EACH ROW
    WHEN (pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.=) 0) EXECUTE FUNCTION df._restored();
