-- The row passed row security, and is counted with the others.
CREATE FUNCTION df._signalled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_signals bigint;
    v_bytes   bigint;
    v_role    regrole;
    v_limit   bigint;
BEGIN
    SELECT count(*), sum(pg_column_size(s.data)) INTO v_signals, v_bytes
      FROM df.signals s WHERE s.instance_no = NEW.instance_no;
    -- The least values that the limits can have.
    IF v_signals <= 1 AND v_bytes <= 1024 THEN
        RETURN NULL;
    END IF;
    v_role := (SELECT s.submitted_by FROM df.submissions s WHERE s.instance_no = NEW.instance_no);
    v_limit := df._limit(v_role, 'signals');
    IF v_signals > v_limit THEN
        RAISE EXCEPTION 'limit exceeded: % signals wait for this instance to take them (signals)', v_limit
            USING ERRCODE = 'DF020', HINT = 'Does it wait for signals of that name? A superuser may raise the limit: df.set_limit(role, ''signals'', value).';
    END IF;
    v_limit := df._limit(v_role, 'signal_bytes');
    IF v_bytes > v_limit THEN
        RAISE EXCEPTION 'limit exceeded: the signals that wait for this instance are larger than % bytes together (signal_bytes)', v_limit
            USING ERRCODE = 'DF020',
                  HINT = 'Put the data into a table and send its key. A superuser may raise the limit: df.set_limit(role, ''signal_bytes'', value).';
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._signalled() IS 'Internal: refuses a signal that exceeds a limit of the instance''s role.';
-- Not of rows that a dump brings: whoever brings them did not send them.
CREATE TRIGGER limited AFTER INSERT ON df.signals FOR EACH ROW
    WHEN (NEW.sent_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole) EXECUTE FUNCTION df._signalled();
