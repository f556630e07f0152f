-- df.instances and df.nodes show what other tables hold. Programs written for pg_durable have rights to write them, and try out what
-- these rights allow: they get pg_durable's errors. One write is real: the extension's owner may change when an instance was created.
CREATE FUNCTION df._view_written() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'instances' AND NEW.id !~ '^[0-9a-f]{8}$' THEN
        RAISE EXCEPTION 'new row for relation "instances" violates check constraint "instances_id_format_chk"'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instances_id_format_chk', TABLE = 'instances', SCHEMA = 'df';
    ELSIF TG_OP = 'INSERT' AND NEW.submitted_by IS DISTINCT FROM quote_ident(current_user)::regrole THEN
        RAISE EXCEPTION 'new row violates row-level security policy for table "%"', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'instances'
        AND to_jsonb(NEW) - ARRAY['created_at', 'updated_at'] = to_jsonb(OLD) - ARRAY['created_at', 'updated_at']
    THEN
        UPDATE df.submissions s SET created_at = NEW.created_at WHERE s.id = OLD.id;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'df.% cannot be written', TG_TABLE_NAME
        USING ERRCODE = 'feature_not_supported', HINT = 'Call df.start, df.cancel or df.signal instead; the worker records what happens.';
END
$function$;
COMMENT ON FUNCTION df._view_written() IS 'Internal: handles writes to df.instances and df.nodes.';
