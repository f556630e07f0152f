-- Counting reads as many rows as the limit allows. So high limits are only checked at random, and may be exceeded by a few thousandths.
CREATE FUNCTION df._check_start(p_role regrole) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    c_cheap  CONSTANT integer := 1000;
    v_most   bigint := df._limit(p_role, 'instances');
    v_starts bigint := df._limit(p_role, 'starts_per_second');
BEGIN
    IF v_most < 9223372036854775807 AND (v_most < c_cheap OR random() * v_most < c_cheap)
       AND (v_most = 0 OR EXISTS (SELECT FROM df.queue q WHERE q.submitted_by = p_role ORDER BY q.submitted_by OFFSET v_most - 1))
    THEN
        RAISE EXCEPTION 'limit exceeded: role % already has % unfinished instances (instances)', p_role, v_most
            USING ERRCODE = 'DF020',
                  HINT = 'Wait until some of them end, or cancel some. '
                         'A superuser can raise the limit: df.set_limit(role, ''instances'', value).';
    END IF;
    -- The row of this start already exists.
    IF v_starts < 9223372036854775807 AND (v_starts < c_cheap OR random() * v_starts < c_cheap)
       AND EXISTS (SELECT FROM df.submissions s
                    WHERE s.submitted_by = p_role AND s.created_at > LEAST(now(), clock_timestamp()) - interval '1 second'
                    ORDER BY s.created_at DESC OFFSET v_starts)
    THEN
        RAISE EXCEPTION 'limit exceeded: role % starts more than % instances within a second (starts_per_second)', p_role, v_starts
            USING ERRCODE = 'DF020',
                  HINT = 'Start fewer instances, or start them more slowly. '
                         'A superuser can raise the limit: df.set_limit(role, ''starts_per_second'', value).';
    END IF;
END
$function$;
COMMENT ON FUNCTION df._check_start(regrole) IS 'Internal: refuses a start that exceeds a limit of the role.';
