CREATE FUNCTION df._explain_envelope(p_text text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF p_text !~ '^\s*\{' OR df._node_defect(p_text::jsonb) IS NOT NULL THEN
        RETURN NULL;
    END IF;
    PERFORM df._validate(p_text);
    RETURN df._explain_tree(p_text, NULL);
EXCEPTION
    WHEN invalid_text_representation OR untranslatable_character THEN
        RETURN NULL;
    WHEN SQLSTATE 'DF003' THEN
        RETURN SQLERRM;
    WHEN statement_too_complex THEN
        RETURN 'Invalid durable function graph: root: Graph exceeds maximum nesting depth of ' || df._graph_limit('max_depth') || '. '
            'Simplify the workflow or break it into multiple instances.';
END
$function$;
COMMENT ON FUNCTION df._explain_envelope(text) IS
    'Internal: the tree of a graph, or what is wrong with it; NULL if the text is not an envelope.';
