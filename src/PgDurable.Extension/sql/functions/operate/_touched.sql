-- The row passed row security, so the caller may see the instance.
CREATE FUNCTION df._touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM df._wake(OLD.instance_no);
    ELSE
        PERFORM df._wake(NEW.instance_no);
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._touched() IS 'Internal: wakes an instance for a signal, a pause or the end of a pause.';
CREATE TRIGGER signalled AFTER INSERT ON df.signals FOR EACH ROW EXECUTE FUNCTION df._touched();
CREATE TRIGGER paused AFTER INSERT ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._touched();
CREATE TRIGGER resumed AFTER DELETE ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._touched();
