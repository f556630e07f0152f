-- Before the row is there: what waits already is counted.
CREATE FUNCTION df._signalled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_signals bigint;
    v_bytes   bigint;
    v_role    regrole;
    v_limit   bigint;
BEGIN
    SELECT count(*), COALESCE(sum(pg_column_size(s.data)), 0) + pg_column_size(NEW.data) INTO v_signals, v_bytes
      FROM df.signals s WHERE s.instance_no = NEW.instance_no;
    -- The least values that the limits can have.
    IF v_signals < 1 AND v_bytes <= 1024 THEN
        RETURN NEW;
    END IF;
    v_role := (SELECT s.submitted_by FROM df.submissions s WHERE s.instance_no = NEW.instance_no);
    v_limit := df._limit(v_role, 'signals');
    IF v_signals >= v_limit THEN
        RAISE EXCEPTION 'limit exceeded: % signals wait for this instance to take them (signals)', v_limit
            USING ERRCODE = 'DF020', HINT = 'Does it wait for signals of that name? A superuser may raise the limit: df.set_limit(role, ''signals'', value).';
    END IF;
    v_limit := df._limit(v_role, 'signal_bytes');
    IF v_bytes > v_limit THEN
        RAISE EXCEPTION 'limit exceeded: the signals that wait for this instance are larger than % bytes together (signal_bytes)', v_limit
            USING ERRCODE = 'DF020',
                  HINT = 'Put the data into a table and send its key. A superuser may raise the limit: df.set_limit(role, ''signal_bytes'', value).';
    END IF;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._signalled() IS 'Internal: refuses a signal that exceeds a limit of the instance''s role.';
CREATE TRIGGER limited BEFORE INSERT ON df.signals FOR EACH ROW EXECUTE FUNCTION df._signalled();
