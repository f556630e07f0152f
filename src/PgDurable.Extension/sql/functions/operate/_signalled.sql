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
    -- The minimum values of the limits.
    IF v_signals <= 1 AND v_bytes <= 1024 THEN
        RETURN NULL;
    END IF;
    v_role := (SELECT s.submitted_by FROM df.submissions s WHERE s.instance_no = NEW.instance_no);
    v_limit := df._limit(v_role, 'signals');
    IF v_signals > v_limit THEN
        RAISE EXCEPTION 'limit exceeded: % signals are already waiting for this instance (signals)', v_limit
            USING ERRCODE = 'DF020',
                  HINT = 'Check that it waits for signals of that name. '
                         'A superuser can raise the limit: df.set_limit(role, ''signals'', value).';
    END IF;
    v_limit := df._limit(v_role, 'signal_bytes');
    IF v_bytes > v_limit THEN
        RAISE EXCEPTION 'limit exceeded: the signals waiting for this instance exceed % bytes in total (signal_bytes)', v_limit
            USING ERRCODE = 'DF020',
                  HINT = 'Put the data into a table and send its key. '
                         'A superuser can raise the limit: df.set_limit(role, ''signal_bytes'', value).';
    END IF;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._signalled() IS 'Internal: refuses a signal that exceeds a limit of the instance''s role.';
-- Not for rows that come from a dump: whoever restores them did not send them.
CREATE TRIGGER limited AFTER INSERT ON df.signals FOR EACH ROW
    WHEN (NEW.sent_by OPERATOR(pg_catalog.=) pg_catalog.quote_ident(current_user)::regrole) EXECUTE FUNCTION df._signalled();
