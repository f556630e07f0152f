CREATE FUNCTION df.if(condition text, then_branch text, else_branch text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_condition text := df._as_node(condition);
BEGIN
    RETURN '{"node_type":"IF","left_node":' || df._as_node(then_branch) || ',"right_node":' || df._as_node(else_branch)
        || ',"condition_node":' || v_condition || '}';
END
$function$;
COMMENT ON FUNCTION df.if(text, text, text) IS
    'Runs the condition, then one of two branches: else_branch if the first column of the first row is false, 0, empty or NULL, or if '
    'there is no row. Operators: (condition ?> then_branch) !> else_branch.';
