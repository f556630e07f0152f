-- In C (src/checkpoint.c), because it runs at every step; sql/portable/commit_step.sql does the same in PL/pgSQL.
CREATE FUNCTION df._commit_step(p_token bytea, p_worker integer, p_instance bigint, p_node integer, p_path text, p_seq integer,
                                p_attempt integer, p_finished_at timestamptz, p_result json, p_columns json, p_completes boolean,
                                p_outcome json) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS 'MODULE_PATHNAME', 'pg_durable_commit_step';
COMMENT ON FUNCTION df._commit_step(bytea, integer, bigint, integer, text, integer, integer, timestamptz, json, json, boolean, json) IS
    'Internal: records a step''s checkpoint in the step''s own transaction, and the instance''s completion if it was the last step. '
    'p_outcome is the instance''s result if that differs from the step''s. Returns false if the step cancelled its own instance.';
