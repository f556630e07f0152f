CREATE FUNCTION df.state(instance_id text) RETURNS jsonb
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT p.value
      FROM df.submissions s JOIN df.published_state p ON p.instance_no = s.instance_no
     WHERE s.id = instance_id
$function$;
COMMENT ON FUNCTION df.state(text) IS
    'What an instance last published with df.publish; NULL if nothing. It stays until retention removes the instance.';
