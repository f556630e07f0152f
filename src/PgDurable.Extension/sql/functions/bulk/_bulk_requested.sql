-- With the caller's rights, so that it counts what the caller sees. Nobody but this trigger writes search, expected and capped. The row is
-- the request: without it the instance's graph does nothing, and no other graph may have one.
CREATE FUNCTION df._bulk_requested() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_problem text;
    v_search  df._search;
BEGIN
    IF NOT EXISTS (SELECT FROM df.submissions s JOIN df.graphs g ON g.graph_id = s.graph_id
                    WHERE s.instance_no = NEW.instance_no AND g.graph = df._bulk_graph())
    THEN
        RAISE EXCEPTION 'df.bulk: no instance of yours does this' USING ERRCODE = 'DF002', HINT = 'Call df.bulk.';
    ELSIF NEW.batch_size NOT BETWEEN 1 AND 10000 OR NEW.batch_size IS NULL THEN
        RAISE EXCEPTION 'df.bulk: batch_size must be between 1 and 10000' USING ERRCODE = 'invalid_parameter_value';
    ELSIF length(NEW.reason) > 1000 THEN
        RAISE EXCEPTION 'df.bulk: the reason has % characters, at most 1000 are allowed', length(NEW.reason)
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF (NEW.action = 'signal') <> (COALESCE(NEW.signal_name, '') <> '') OR NEW.action <> 'signal' AND NEW.signal_data IS NOT NULL THEN
        RAISE EXCEPTION 'df.bulk: signal_name and signal_data belong to the action signal, which needs a name'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_problem := df._unusable_json(NEW.signal_data);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION 'No step can use this signal data'
            USING ERRCODE = 'invalid_parameter_value', DETAIL = v_problem, HINT = 'Clean the data before you send it.';
    END IF;
    v_search := df._bulk_search(NEW.action, NEW.query);
    NEW.search := to_jsonb(v_search);
    SELECT c.acted_on, c.capped INTO NEW.expected, NEW.capped FROM df._bulk_count(NEW.action, v_search, NEW.instance_no, 10000) c;
    RETURN NEW;
END
$function$;
COMMENT ON FUNCTION df._bulk_requested() IS 'Internal: checks a request of df.bulk and counts what it is about.';
-- Rows that come from a dump have this already.
CREATE TRIGGER requested BEFORE INSERT ON df.bulks FOR EACH ROW WHEN (NEW.search IS NULL) EXECUTE FUNCTION df._bulk_requested();
