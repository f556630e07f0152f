CREATE FUNCTION df._limit_names() RETURNS TABLE (name text, setting text, fallback bigint, minimum bigint)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
    VALUES ('running_steps', 'pg_durable.max_running_steps_per_role', 0::bigint, 1::bigint),
           ('instances', 'pg_durable.max_instances_per_role', 0, 0),
           ('starts_per_second', 'pg_durable.max_starts_per_second_per_role', 0, 1),
           ('signals', 'pg_durable.max_signals_per_instance', 10000, 1),
           ('signal_bytes', 'pg_durable.max_signal_bytes_per_instance', 268435456, 1024),
           ('call_depth', 'pg_durable.max_call_depth', 32, 1),
           ('schedules', 'pg_durable.max_schedules_per_role', 100000, 0)
$function$;
COMMENT ON FUNCTION df._limit_names() IS
    'Internal: the limits that df.set_limit can set, the setting with the default for all roles, the default if there is no such setting, '
    'and the minimum. A setting of 0 means no limit.';
