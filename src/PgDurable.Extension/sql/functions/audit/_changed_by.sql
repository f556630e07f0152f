-- With the caller's rights, so that current_user is the caller: a trigger that runs as its owner can't tell who that was. Nobody may write
-- the column.
CREATE FUNCTION df._changed_by() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    NEW.changed_by := quote_ident(current_user)::regrole;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._changed_by() IS 'Internal: notes who changes a row, for df.audit.';
CREATE TRIGGER changed_by BEFORE UPDATE ON df.pauses FOR EACH ROW EXECUTE FUNCTION df._changed_by();
CREATE TRIGGER changed_by BEFORE UPDATE ON df.registrations FOR EACH ROW EXECUTE FUNCTION df._changed_by();
CREATE TRIGGER changed_by BEFORE UPDATE ON df.schedule_entries FOR EACH ROW EXECUTE FUNCTION df._changed_by();
CREATE TRIGGER changed_by BEFORE UPDATE ON df.task_grants FOR EACH ROW EXECUTE FUNCTION df._changed_by();
