-- Unqualified: they land in pg_catalog with the extension, so that they are found under any search_path, and in df where the SDK installs the schema.
CREATE OPERATOR ~> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.seq);
COMMENT ON OPERATOR ~> (text, text) IS 'First the left step, then the right one.';
CREATE OPERATOR |=> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.as_op);
COMMENT ON OPERATOR |=> (text, text) IS 'Names the result of a step.';
