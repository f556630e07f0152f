-- Titles must not contain what people search a tree for. Types are upper case, so titles are not.
CREATE FUNCTION df._explain_title(p_parent_type text, p_slot text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN CASE
        WHEN p_parent_type IN ('JOIN', 'RACE') THEN format('║ branch %s:',
            CASE p_slot WHEN '.left' THEN 1 WHEN '.right' THEN 2 ELSE 3 + substring(p_slot FROM '\d+')::integer END)
        WHEN p_parent_type = 'IF' THEN CASE p_slot WHEN '.left' THEN '✓ then:' WHEN '.right' THEN '✗ else:' ELSE '? condition:' END
        WHEN p_parent_type = 'LOOP' THEN CASE p_slot WHEN '.left' THEN '↻ body:' ELSE '? while:' END
        WHEN p_parent_type IN ('RETRY', 'FOREACH') THEN '↻ body:'
        WHEN p_parent_type = 'TIMEOUT' THEN '✓ body:'
        WHEN p_parent_type = 'TRY' THEN CASE p_slot WHEN '.left' THEN '✓ body:' WHEN '.right' THEN '✗ handler:' ELSE '● finally:' END
        WHEN p_parent_type = 'UNDO' THEN CASE p_slot WHEN '.left' THEN '✓ forward:' ELSE '✗ undo:' END
    END;
END
$function$;
COMMENT ON FUNCTION df._explain_title(text, text) IS 'Internal: the title that df.explain prints above a child.';
