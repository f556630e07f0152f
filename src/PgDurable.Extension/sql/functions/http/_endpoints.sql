-- The worker calls it as the submitting role, so it shows what that role may see and no more. One statement, so one snapshot.
CREATE FUNCTION df._endpoints(p_servers text[]) RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT json_build_object(
        'installed', EXISTS (SELECT FROM pg_foreign_data_wrapper w WHERE w.fdwname = 'pg_durable_fdw'),
        'role', current_user,
        'servers', COALESCE((
            SELECT json_agg(json_build_object(
                       'name', n.name,
                       'exists', s.oid IS NOT NULL,
                       'ours', COALESCE(w.fdwname = 'pg_durable_fdw' AND w.fdwvalidator = 'df.endpoint_option_validator'::regproc, false),
                       'usage', COALESCE(has_server_privilege(s.oid, 'USAGE'), false),
                       'options', COALESCE(to_json(s.srvoptions), '[]'),
                       'mapped', m.umid IS NOT NULL,
                       'mapping', m.umoptions))
              FROM unnest(p_servers) n (name)
              LEFT JOIN pg_foreign_server s ON s.srvname = n.name
              LEFT JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
              LEFT JOIN pg_user_mappings m ON m.srvid = s.oid AND m.umuser <> 0 AND m.usename = current_user), '[]'))
$function$;
COMMENT ON FUNCTION df._endpoints(text[]) IS 'Internal: servers of pg_durable_fdw, with the caller''s own user mappings.';
