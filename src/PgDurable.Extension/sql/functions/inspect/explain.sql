-- The only function without its own search_path: an expression is evaluated with that of the caller. Nothing here is looked up without a
-- schema.
CREATE FUNCTION df.explain(input text) RETURNS text
LANGUAGE sql VOLATILE STRICT
AS $function$
    SELECT df._explain(input, pg_catalog.current_setting('search_path'))
$function$;
COMMENT ON FUNCTION df.explain(text) IS
    'Shows as a tree: a graph, the graph that an expression such as ''SELECT 1'' ~> ''SELECT 2'' returns (it is evaluated), or an '
    'instance with the states of its nodes.';
