-- The only function without a search_path of its own: an expression is evaluated with its caller's. Nothing here is looked up without a
-- schema.
CREATE FUNCTION df.explain(input text) RETURNS text
LANGUAGE sql VOLATILE STRICT
AS $function$
    SELECT df._explain(input, pg_catalog.current_setting('search_path'))
$function$;
COMMENT ON FUNCTION df.explain(text) IS
    'Shows a graph, the graph that an expression such as ''SELECT 1'' ~> ''SELECT 2'' gives (it is evaluated), or an instance with the '
    'states of its nodes, as a tree.';
