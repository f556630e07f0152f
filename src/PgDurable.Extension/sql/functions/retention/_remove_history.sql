-- Of instances whose outcome the caller has locked or removed.
CREATE FUNCTION df._remove_history(p_gone bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_sort = off
AS $function$
BEGIN
    DELETE FROM df.checkpoints x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.cancellations x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.signals x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.watches x WHERE x.instance_no = ANY (p_gone);
    -- The rows of these three can be locked by users. One that stays behind belongs to nobody and does no harm.
    DELETE FROM df.pauses x WHERE x.ctid = ANY (ARRAY(SELECT p.ctid FROM df.pauses p WHERE p.instance_no = ANY (p_gone)
        FOR UPDATE SKIP LOCKED));
    DELETE FROM df.published_state x WHERE x.ctid = ANY (ARRAY(SELECT p.ctid FROM df.published_state p WHERE p.instance_no = ANY (p_gone)
        FOR UPDATE SKIP LOCKED));
    DELETE FROM df.tags x WHERE x.ctid = ANY (ARRAY(SELECT t.ctid FROM df.tags t WHERE t.instance_no = ANY (p_gone)
        FOR UPDATE SKIP LOCKED));
    DELETE FROM df.retries x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.bulks x WHERE x.instance_no = ANY (p_gone);
    DELETE FROM df.submissions x WHERE x.instance_no = ANY (p_gone);
END
$function$;
COMMENT ON FUNCTION df._remove_history(bigint[]) IS 'Internal: removes all rows of instances that have ended, except their outcomes.';
