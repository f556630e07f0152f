CREATE FUNCTION df._parts_problem(p_parts jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF COALESCE(jsonb_typeof(p_parts), 'null') = 'null' THEN
        RETURN 'parts is required and cannot be NULL';
    ELSIF jsonb_typeof(p_parts) <> 'array' THEN
        RETURN 'parts must be a JSON array of part objects';
    ELSIF p_parts = '[]' THEN
        RETURN 'parts must contain at least one part';
    END IF;
    RETURN (SELECT CASE
                WHEN jsonb_typeof(e.part) <> 'object' THEN format('Invalid multipart HTTP config: part %s must be an object', e.n)
                ELSE format('Invalid multipart HTTP config: part %s: %s must be a string', e.n, k.name)
            END
              FROM jsonb_array_elements(p_parts) WITH ORDINALITY e (part, n)
             CROSS JOIN (VALUES (1, 'name', true), (2, 'data_b64', true), (3, 'filename', false), (4, 'content_type', false))
                        k (place, name, needed)
             WHERE jsonb_typeof(e.part) <> 'object'
                OR COALESCE(jsonb_typeof(e.part -> k.name), 'null') <> 'string'
                   AND (k.needed OR COALESCE(jsonb_typeof(e.part -> k.name), 'null') <> 'null')
             ORDER BY e.n, k.place
             LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._parts_problem(jsonb) IS 'Internal: what is wrong with the parts of a multipart request, or NULL.';
