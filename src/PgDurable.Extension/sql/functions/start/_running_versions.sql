-- One pass over the unfinished instances: every start would have to pay for an index.
CREATE FUNCTION df._running_versions() RETURNS TABLE (owner regrole, workflow text, version integer, running bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT s.submitted_by, s.workflow, s.workflow_version, count(*)
      FROM df.queue q JOIN df.submissions s ON s.instance_no = q.instance_no
     WHERE s.workflow IS NOT NULL
     GROUP BY s.submitted_by, s.workflow, s.workflow_version
$function$;
COMMENT ON FUNCTION df._running_versions() IS 'Internal: the number of unfinished instances of each workflow version.';
