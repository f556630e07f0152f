-- df.cancel sends the signal, and knows the graph by it: df._undoes_on_cancel.
CREATE FUNCTION df.undo_on_cancel(graph text) RETURNS text
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN df.race(graph, df.seq(df.as(df.wait_for_signal('sys_cancel'), 'sys_cancel'),
                                 df.fail('canceled: $sys_cancel.data', 'DF023')));
END
$function$;
COMMENT ON FUNCTION df.undo_on_cancel(text) IS
    'Makes a whole graph undo its completed steps when the instance is cancelled: what runs is stopped, and then the undos run, the last '
    'one first. It must be the outermost function of the graph. df.terminate ends such an instance at once.';
