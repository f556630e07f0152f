CREATE FUNCTION df.why(instance_id text) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT COALESCE((SELECT df._why(s.instance_no, 0) FROM df.submissions s WHERE s.id = instance_id),
                    format('There is no instance "%s", or it is not yours.', df._one_line(instance_id, 20)))
$function$;
COMMENT ON FUNCTION df.why(text) IS
    'Why an instance does not go on, in words: what it waits for and until when, what it runs and who blocks that, who has paused it, how '
    'it ended. For people: the wording may change.';
