-- The owner comes from the instance and not from the caller; row security then checks that the two are the same.
CREATE FUNCTION df._tagged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF (SELECT count(*) FROM df.tags t WHERE t.instance_no = NEW.instance_no AND t.key <> NEW.key) >= 32 THEN
        RAISE EXCEPTION 'an instance has at most 32 tags' USING ERRCODE = 'program_limit_exceeded',
            HINT = 'Remove one: df.tag(instance_id, key, NULL).';
    END IF;
    NEW.submitted_by := (SELECT s.submitted_by FROM df.submissions s WHERE s.instance_no = NEW.instance_no);
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._tagged() IS 'Internal: gives a tag its owner, and refuses too many.';
-- Rows that come from a dump have their owner already.
CREATE TRIGGER tagged BEFORE INSERT ON df.tags FOR EACH ROW WHEN (NEW.submitted_by IS NULL) EXECUTE FUNCTION df._tagged();
