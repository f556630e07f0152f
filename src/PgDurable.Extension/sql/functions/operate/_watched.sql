-- One row per instance and statement: whatever ends the instance has to delete as many. Touches only rows of this very transaction, so
-- that nobody waits for it.
CREATE FUNCTION df._watched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM df.watches w
     USING (SELECT x.instance_no, min(x.ctid) AS first
              FROM df.watches x
             WHERE x.instance_no IN (SELECT a.instance_no FROM added a) AND x.xmin = pg_current_xact_id()::xid
             GROUP BY x.instance_no) f
     WHERE w.instance_no = f.instance_no AND w.ctid <> f.first AND w.xmin = pg_current_xact_id()::xid;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._watched() IS 'Internal: keeps a statement from watching an instance twice.';
CREATE TRIGGER watched AFTER INSERT ON df.watches REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION df._watched();
