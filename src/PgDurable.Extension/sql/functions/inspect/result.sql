CREATE FUNCTION df.result(instance_id text) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_result json;
BEGIN
    SELECT COALESCE(o.result, c.result) INTO v_result
      FROM df.submissions s
      JOIN df.outcomes o ON o.instance_no = s.instance_no
      LEFT JOIN df.checkpoints c ON c.instance_no = o.instance_no AND c.node = o.result_node AND c.path = o.result_path
     WHERE s.id = instance_id AND o.status = 'completed';
    RETURN v_result::jsonb::text;
EXCEPTION WHEN untranslatable_character OR invalid_text_representation OR program_limit_exceeded
    OR numeric_value_out_of_range THEN
    RETURN v_result::text; -- valid as json, but jsonb cannot hold it: \u0000, for example
END
$function$;
COMMENT ON FUNCTION df.result(text) IS 'The result of a completed instance as JSON text; NULL for any other instance.';
