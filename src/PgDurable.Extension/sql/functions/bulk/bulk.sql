CREATE FUNCTION df.bulk(action text, query text, reason text DEFAULT NULL, signal_name text DEFAULT NULL, signal_data text DEFAULT NULL,
                        batch_size integer DEFAULT 500) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_id text;
BEGIN
    -- Before the start, so that a wrong query is the first thing to be said.
    PERFORM df._bulk_search(action, query);
    v_id := df.start_graph(df._bulk_graph(), label => format('bulk %s: %s', action, df._one_line(query, 200)));
    INSERT INTO df.bulks (instance_no, action, query, reason, signal_name, signal_data, batch_size)
    VALUES (df._instance_no(v_id), action, query, reason, signal_name, signal_data, batch_size);
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION df.bulk(text, text, text, text, text, integer) IS
    'Starts an instance that cancels, terminates, retries, pauses, resumes, signals or deletes (the history of those that ended) all your '
    'instances that match a query of df.search and were started before; returns its id. Each step takes batch_size of them, 1 to 10000. '
    'df.state shows how far it is: done, failed, seen, expected. df.bulk_preview says what it would do.';
