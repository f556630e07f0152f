-- The row of df.cancellations passed row security: the caller may see the instance.
CREATE FUNCTION df._cancelled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM df._cancel_tree(NEW.instance_no, NEW.reason);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._cancelled() IS 'Internal: ends a cancelled instance.';
-- Not of rows that a dump brings: what they did is in it too.
CREATE TRIGGER cancelled AFTER INSERT ON df.cancellations FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._cancelled();
