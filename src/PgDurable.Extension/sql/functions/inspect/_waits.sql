CREATE FUNCTION df._waits(p_waits json, p_due_at timestamptz, p_started_at timestamptz, p_paused_at timestamptz)
RETURNS TABLE (node integer, path text, kind text, name text, until timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT w.node, w.path, w.kind, w.name, NULLIF(w.until, 'infinity')
      FROM json_to_recordset(p_waits) AS w (node integer, path text, kind text, name text, until timestamptz)
     WHERE w.kind <> 'PAUSED' OR p_paused_at IS NOT NULL;
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT NULL::integer, NULL::text,
           CASE WHEN p_paused_at IS NOT NULL THEN 'PAUSED'
                WHEN p_started_at IS NULL AND p_due_at > clock_timestamp() THEN 'START' ELSE 'WORKER' END,
           NULL::text, CASE WHEN p_paused_at IS NULL AND p_due_at > clock_timestamp() THEN NULLIF(p_due_at, 'infinity') END;
END
$function$;
COMMENT ON FUNCTION df._waits(json, timestamptz, timestamptz, timestamptz) IS
    'Internal: what an instance that no worker holds is waiting for.';
