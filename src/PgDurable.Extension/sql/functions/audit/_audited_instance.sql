CREATE FUNCTION df._audited_instance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_action text;
    v_role   regrole;
    v_detail text;
BEGIN
    IF TG_TABLE_NAME = 'cancellations' THEN
        v_action := CASE WHEN NEW.forced THEN 'terminate' ELSE 'cancel' END;
        v_role := NEW.requested_by;
        v_detail := left(NEW.reason, 1000);
    ELSIF TG_TABLE_NAME = 'retries' THEN
        v_action := 'retry';
        v_role := NEW.requested_by;
    ELSIF TG_OP = 'INSERT' THEN
        v_action := 'pause';
        v_role := NEW.paused_by;
    ELSE
        v_action := 'resume';
        v_role := NEW.changed_by;
    END IF;
    INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
    SELECT v_role, s.submitted_by, v_action, s.id, s.workflow, v_detail FROM df.submissions s WHERE s.instance_no = NEW.instance_no;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_instance() IS 'Internal: writes to df.audit what was asked of an instance.';
-- Not for rows that come from a dump, nor for the children that a worker retries with their parent.
CREATE TRIGGER audited AFTER INSERT ON df.cancellations FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._audited_instance();
CREATE TRIGGER audited AFTER INSERT ON df.retries FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()
          AND NEW.requested_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole)
    EXECUTE FUNCTION df._audited_instance();
CREATE TRIGGER audited AFTER INSERT ON df.pauses FOR EACH ROW
    WHEN (NEW.paused_at OPERATOR(pg_catalog.>=) pg_catalog.now()) EXECUTE FUNCTION df._audited_instance();
CREATE TRIGGER audited_resume AFTER UPDATE OF removed ON df.pauses FOR EACH ROW
    WHEN (NEW.removed) EXECUTE FUNCTION df._audited_instance();
