-- One pass over what has not ended: an index for it would have to be paid for by every start.
CREATE FUNCTION df._running_versions() RETURNS TABLE (owner regrole, workflow text, version integer, running bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT s.submitted_by, s.workflow, s.workflow_version, count(*)
      FROM df.queue q JOIN df.submissions s ON s.instance_no = q.instance_no
     WHERE s.workflow IS NOT NULL
     GROUP BY s.submitted_by, s.workflow, s.workflow_version
$function$;
COMMENT ON FUNCTION df._running_versions() IS 'Internal: how many instances of each version of a workflow have not ended.';
