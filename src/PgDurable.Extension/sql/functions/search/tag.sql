CREATE FUNCTION df.tag(instance_id text, key text, value text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
    v_instance_no bigint := df._instance_no(instance_id);
BEGIN
    IF tag.key !~ '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$' OR tag.key IS NULL THEN
        RAISE EXCEPTION 'invalid key of a tag: "%"', df._one_line(tag.key, 80) USING ERRCODE = 'invalid_parameter_value',
            HINT = 'A key begins with a letter or _, and has up to 64 letters, digits, _, . and -.';
    ELSIF lower(tag.key) = ANY (df._search_words()) THEN
        RAISE EXCEPTION 'no tag can have the key "%"', tag.key USING ERRCODE = 'invalid_parameter_value',
            HINT = 'It is a word of df.search, as are: ' || array_to_string(df._search_words(), ', ') || '.';
    ELSIF length(tag.value) > 256 THEN
        RAISE EXCEPTION 'the value of tag "%" has % characters, at most 256 are allowed', tag.key, length(tag.value)
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF tag.value IS NULL THEN
        UPDATE df.tags t SET removed = true WHERE t.instance_no = v_instance_no AND t.key = tag.key;
    ELSE
        INSERT INTO df.tags AS t (instance_no, key, value) VALUES (v_instance_no, tag.key, tag.value)
        ON CONFLICT (instance_no, key) DO UPDATE SET value = excluded.value;
    END IF;
    RETURN instance_id;
END
$function$;
COMMENT ON FUNCTION df.tag(text, text, text) IS
    'Gives an instance a tag, or changes it; a value of NULL removes it. Returns the instance''s id. df.search finds it: key:value.';
