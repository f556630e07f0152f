CREATE FUNCTION df._why_call(p_instance_no bigint, p_name text, p_node integer, p_path text, p_depth integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_deepest CONSTANT integer := 5;
    v_child   record;
BEGIN
    SELECT s.instance_no, s.id, s.workflow INTO v_child
      FROM df.submissions s WHERE s.parent_no = p_instance_no AND s.parent_node = p_node AND s.parent_path = COALESCE(p_path, '');
    IF NOT FOUND THEN
        RETURN format('It waits for workflow "%s", which is about to start.', p_name);
    END IF;
    RETURN format('It waits for instance %s of workflow "%s".', v_child.id, df._one_line(v_child.workflow, 60))
        || CASE WHEN p_depth < c_deepest
                THEN E'\n' || regexp_replace(format('%s: ', v_child.id) || df._why(v_child.instance_no, p_depth + 1), '^', '    ', 'gn')
                ELSE format(' See df.why(''%s'').', v_child.id) END;
END
$function$;
COMMENT ON FUNCTION df._why_call(bigint, text, integer, text, integer) IS
    'Internal: a wait for a child and what that waits for, for df.why.';
