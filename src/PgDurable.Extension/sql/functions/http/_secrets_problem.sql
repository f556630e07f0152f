-- Checks the secret bindings and form fields of a request.
CREATE FUNCTION df._secrets_problem(p_type text, p_config jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_bad      CONSTANT text := 'Invalid secret bindings: expected header/query/form maps of secret references';
    v_bindings jsonb := NULLIF(p_config -> 'secret_bindings', 'null');
    v_fields   jsonb := NULLIF(p_config -> 'form_fields', 'null');
    v_problem  text;
BEGIN
    IF v_bindings IS NOT NULL THEN
        IF jsonb_typeof(v_bindings) <> 'object'
            OR EXISTS (SELECT FROM jsonb_each(v_bindings) m WHERE m.key NOT IN ('headers', 'query', 'form')
                OR jsonb_typeof(m.value) <> 'object')
        THEN
            RETURN c_bad;
        END IF;
        v_problem := (SELECT CASE WHEN jsonb_typeof(r.value) <> 'object' OR NOT r.value ?& '{server,key}'
            OR r.value - '{server,key,prefix}'::text[] <> '{}'
                                       OR r.value @? 'strict $.* ? (@.type() != "string")' THEN c_bad
                                  ELSE df._secret_problem(r.value ->> 'server', r.value ->> 'key') END
                        FROM unnest('{headers,query,form}'::text[]) WITH ORDINALITY w (name, place)
                       CROSS JOIN jsonb_each(v_bindings -> w.name) r
                       WHERE jsonb_typeof(r.value) <> 'object' OR NOT r.value ?& '{server,key}'
                           OR r.value - '{server,key,prefix}'::text[] <> '{}'
                          OR r.value @? 'strict $.* ? (@.type() != "string")'
                          OR df._secret_problem(r.value ->> 'server', r.value ->> 'key') IS NOT NULL
                       ORDER BY w.place, r.key COLLATE "C"
                       LIMIT 1);
        v_problem := COALESCE(v_problem, (
            SELECT p.problem
              FROM (SELECT h.key,
                           CASE WHEN h.key !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]+$' THEN 'Invalid credential header name'
                                WHEN lower(h.key) = ANY ('{host,content-type,content-length,transfer-encoding,connection,'
                                    'te,trailer,upgrade,keep-alive,proxy-authorization,proxy-authenticate}')
                                    THEN 'Credential headers cannot control HTTP routing or framing'
                                WHEN EXISTS (SELECT FROM jsonb_object_keys(v_bindings -> 'headers') o WHERE lower(o) = lower(h.key)
                                    AND o COLLATE "C" < h.key)
                                    THEN 'Duplicate secret header binding (case-insensitive)'
                                WHEN h.value ->> 'prefix' !~ '^[ -~]*$' THEN 'Invalid secret header prefix' END AS problem
                      FROM jsonb_each(v_bindings -> 'headers') h) p
             WHERE p.problem IS NOT NULL
             ORDER BY p.key COLLATE "C"
             LIMIT 1));
        v_problem := COALESCE(v_problem, (
            SELECT CASE WHEN f.key = '' OR f.key ~ '[[:cntrl:]]' THEN 'Secret field names must be nonempty without control characters'
                        ELSE 'Secret prefixes are supported only in header bindings' END
              FROM unnest('{query,form}'::text[]) WITH ORDINALITY w (name, place)
             CROSS JOIN jsonb_each(v_bindings -> w.name) f
             WHERE f.key = '' OR f.key ~ '[[:cntrl:]]' OR f.value ->> 'prefix' <> ''
             ORDER BY w.place, f.key COLLATE "C"
             LIMIT 1));
        IF v_problem IS NOT NULL THEN
            RETURN v_problem;
        END IF;
    END IF;

    IF v_fields IS NOT NULL THEN
        IF jsonb_typeof(v_fields) <> 'object' OR v_fields @? 'strict $.* ? (@.type() != "string")' THEN
            RETURN 'Form fields must be an object of string values';
        ELSIF EXISTS (SELECT FROM jsonb_object_keys(v_fields) k WHERE k = '' OR k ~ '[[:cntrl:]]') THEN
            RETURN 'Form field names must be nonempty without control characters';
        END IF;
    ELSIF COALESCE(v_bindings -> 'form', '{}') = '{}' THEN
        RETURN NULL;
    END IF;
    RETURN CASE
        WHEN p_type = 'HTTP_MULTIPART' OR p_config ->> 'body' IS NOT NULL
            THEN 'Form fields cannot be combined with a raw body or multipart request'
        WHEN p_config ->> 'method' IN ('GET', 'DELETE') THEN 'Form fields require POST, PUT or PATCH'
        WHEN EXISTS (SELECT FROM jsonb_object_keys(v_fields) k WHERE v_bindings -> 'form' ? k)
            THEN 'A form field cannot have both an ordinary value and a secret binding'
        ELSE (SELECT CASE WHEN lower(h.key) = 'content-type' THEN 'Form requests require application/x-www-form-urlencoded Content-Type'
                          ELSE 'Form requests cannot override HTTP body framing' END
                FROM jsonb_each_text(NULLIF(p_config -> 'headers', 'null')) h
               WHERE h.value !~ '[${]'
                 AND (lower(h.key) IN ('content-length', 'transfer-encoding')
                      OR lower(h.key) = 'content-type' AND lower(btrim(split_part(h.value, ';', 1))) <> 'application/x-www-form-urlencoded')
               LIMIT 1)
    END;
END
$function$;
COMMENT ON FUNCTION df._secrets_problem(text, jsonb) IS
    'Internal: what is wrong with the secret bindings and form fields of an HTTP node, or NULL.';
