-- One row for each instance: what ends it has as many to delete. Two sessions that watch at the same moment may still leave two.
CREATE FUNCTION df._watched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF EXISTS (SELECT FROM df.watches w WHERE w.instance_no = NEW.instance_no) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._watched() IS 'Internal: keeps an instance from being watched twice.';
CREATE TRIGGER watched BEFORE INSERT ON df.watches FOR EACH ROW EXECUTE FUNCTION df._watched();
