CREATE FUNCTION df._audited_bulk() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    INSERT INTO df.audit (role, owner, action, instance_id, name, detail)
    SELECT NEW.requested_by, s.submitted_by, 'bulk', s.id, NEW.action,
           format('%s%s instances: %s', NEW.expected, CASE WHEN NEW.capped THEN ' or more' ELSE '' END, left(NEW.query, 900))
      FROM df.submissions s WHERE s.instance_no = NEW.instance_no;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._audited_bulk() IS 'Internal: writes to df.audit what df.bulk was asked for.';
CREATE TRIGGER audited AFTER INSERT ON df.bulks FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._audited_bulk();
