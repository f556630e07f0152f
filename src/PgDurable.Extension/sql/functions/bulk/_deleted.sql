-- The rows passed row security, so the caller may see the instances. Those that run, or whose parent may still ask for them, stay.
CREATE FUNCTION df._deleted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
AS $function$
DECLARE
    v_gone bigint[];
BEGIN
    v_gone := ARRAY(
        SELECT o.instance_no FROM df.outcomes o
         WHERE o.instance_no = NEW.instance_no
           AND (SELECT p.instance_no FROM df.queue p WHERE p.instance_no =
                   (SELECT CASE WHEN s.parent_node IS NOT NULL THEN s.parent_no END
                      FROM df.submissions s WHERE s.instance_no = o.instance_no)) IS NULL
           FOR UPDATE);
    IF v_gone <> '{}' THEN
        INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
        SELECT NEW.requested_by, s.submitted_by, 'delete', s.id, s.workflow, left(NEW.reason, 1000)
          FROM df.submissions s WHERE s.instance_no = NEW.instance_no;
        DELETE FROM df.outcomes o WHERE o.instance_no = NEW.instance_no;
        PERFORM df._remove_history(v_gone);
    END IF;
    DELETE FROM df.deletions d WHERE d.instance_no = NEW.instance_no;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._deleted() IS 'Internal: removes the history of an instance that has ended.';
CREATE TRIGGER deleted AFTER INSERT ON df.deletions FOR EACH ROW EXECUTE FUNCTION df._deleted();
