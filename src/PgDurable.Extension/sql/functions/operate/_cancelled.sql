-- The row of df.cancellations passed row security, so the caller may see the instance.
CREATE FUNCTION df._cancelled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._cancel_tree(NEW.instance_no, NEW.reason, NEW.forced);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._cancelled() IS 'Internal: ends a cancelled instance.';
-- Not for rows that come from a dump: the dump also contains their effects.
CREATE TRIGGER cancelled AFTER INSERT ON df.cancellations FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._cancelled();
