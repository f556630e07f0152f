-- Sources appear in messages and in trees, so each must be short and on one line.
CREATE FUNCTION df._sources_problem(p_graph text, p_sources text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_max_length CONSTANT integer := 1000;
    v_nodes      integer;
BEGIN
    IF COALESCE(cardinality(p_sources), 0) = 0 THEN
        RETURN NULL;
    ELSIF array_ndims(p_sources) <> 1 OR array_lower(p_sources, 1) <> 1 THEN
        RETURN 'sources must be a one-dimensional array that begins at 1, with one element for each node, in pre-order';
    END IF;
    v_nodes := (SELECT count(*) FROM df._graph_nodes(p_graph));
    IF cardinality(p_sources) > v_nodes THEN
        RETURN format('sources has %s elements, but the graph has only %s nodes', cardinality(p_sources), v_nodes);
    END IF;
    RETURN (
        SELECT format('source %s must be one line of 1 to %s characters, not ''%s''', s.place, c_max_length,
                      left(s.source, 60) || CASE WHEN length(s.source) > 60 THEN '…' ELSE '' END)
          FROM unnest(p_sources) WITH ORDINALITY s (source, place)
         WHERE length(s.source) NOT BETWEEN 1 AND c_max_length OR s.source ~ '[[:cntrl:]]'
         ORDER BY s.place
         LIMIT 1);
END
$function$;
COMMENT ON FUNCTION df._sources_problem(text, text[]) IS 'Internal: what is wrong with the sources given for a graph, or NULL.';
