CREATE FUNCTION df.error(instance_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT df._with_source(o.error, g.sources)
      FROM df.submissions s JOIN df.outcomes o ON o.instance_no = s.instance_no LEFT JOIN df.graphs g ON g.graph_id = s.graph_id
     WHERE s.id = instance_id
$function$;
COMMENT ON FUNCTION df.error(text) IS
    'Why an instance failed or was cancelled, as JSON text: message, sqlstate, detail, hint, node, step, attempt, the SQL as it ran, and '
    'source: the line that the step comes from, if known. NULL for any other instance.';
