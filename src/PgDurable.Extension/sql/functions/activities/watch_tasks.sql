CREATE FUNCTION df.watch_tasks(names text[], queue text DEFAULT 'default') RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $function$
    INSERT INTO df.task_watches (name, queue)
    SELECT n.name, watch_tasks.queue
      FROM (SELECT DISTINCT a.name FROM unnest(watch_tasks.names) a (name)) n
     WHERE NOT EXISTS (SELECT FROM df.task_watches w
                        WHERE w.name = n.name AND w.queue = watch_tasks.queue AND w.watcher = quote_ident(current_user)::regrole)
$function$;
COMMENT ON FUNCTION df.watch_tasks(text[], text) IS
    'Asks for one notification on channel df_task, with the activity''s name as payload, when a task of one of these names can be claimed. '
    'Call it when a claim found nothing, and claim once more before you wait. A notification is a hint and can be lost: claim now and then '
    'without one.';
