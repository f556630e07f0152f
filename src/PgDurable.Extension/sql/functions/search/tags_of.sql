CREATE FUNCTION df.tags_of(instance_id text) RETURNS jsonb
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE((SELECT jsonb_object_agg(t.key, t.value) FROM df.tags t WHERE t.instance_no = s.instance_no), '{}')
      FROM df.submissions s WHERE s.id = instance_id
$function$;
COMMENT ON FUNCTION df.tags_of(text) IS 'The tags of an instance as a JSON object; NULL for an unknown id.';
