-- The row of df.cancellations passed row security: the caller may see the instance.
CREATE FUNCTION df._cancelled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM df.queue q WHERE q.instance_no = NEW.instance_no;
    IF FOUND THEN
        INSERT INTO df.outcomes (instance_no, status, error)
        VALUES (NEW.instance_no, 'cancelled', json_build_object('message', 'canceled: ' || NEW.reason));
        -- A worker that runs a step of it stops the statement.
        PERFORM pg_notify('pg_durable', 'cancel ' || NEW.instance_no);
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._cancelled() IS 'Internal: ends a cancelled instance.';
-- Not of rows that a dump brings: what they did is in it too.
CREATE TRIGGER cancelled AFTER INSERT ON df.cancellations FOR EACH ROW
    WHEN (NEW.requested_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._cancelled();
