CREATE FUNCTION df.tag(instance_id text, tags jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF tags IS NOT NULL AND jsonb_typeof(tags) <> 'object' THEN
        RAISE EXCEPTION 'tags must be a JSON object, not %', jsonb_typeof(tags) USING ERRCODE = 'invalid_parameter_value',
            HINT = 'For example: {"customer": 42, "region": "eu"}.';
    END IF;
    -- Removals first: the others may need their place.
    PERFORM df.tag(instance_id, t.key, t.value) FROM jsonb_each_text(tags) t ORDER BY t.value IS NOT NULL;
    PERFORM df._instance_no(instance_id);
    RETURN instance_id;
END
$function$;
COMMENT ON FUNCTION df.tag(text, jsonb) IS
    'Gives an instance the tags that are the members of a JSON object; null removes one. Returns the instance''s id, so that a start can '
    'stand inside: df.tag(df.start_workflow(…), ''{"customer": 42}'').';
