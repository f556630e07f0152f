-- Unqualified: they land in pg_catalog with the extension, so that they are found under any search_path, and in df where the SDK installs the schema.
-- PostgreSQL gives all of them one precedence, and groups from left to right.
CREATE OPERATOR ~> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.seq);
COMMENT ON OPERATOR ~> (text, text) IS 'First the left step, then the right one.';
CREATE OPERATOR |=> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.as_op);
COMMENT ON OPERATOR |=> (text, text) IS 'Names the result of a step.';
CREATE OPERATOR & (LEFTARG = text, RIGHTARG = text, FUNCTION = df.join);
COMMENT ON OPERATOR & (text, text) IS 'Both at the same time, waiting for both.';
CREATE OPERATOR | (LEFTARG = text, RIGHTARG = text, FUNCTION = df.race);
COMMENT ON OPERATOR | (text, text) IS 'Both at the same time, the first to end decides.';
CREATE OPERATOR ?> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.if_then_op);
COMMENT ON OPERATOR ?> (text, text) IS 'First half of a conditional: (condition ?> then) !> otherwise.';
CREATE OPERATOR !> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.if_else_op);
COMMENT ON OPERATOR !> (text, text) IS 'Second half of a conditional: (condition ?> then) !> otherwise.';
CREATE OPERATOR @> (RIGHTARG = text, FUNCTION = df.loop_prefix_op);
COMMENT ON OPERATOR @> (NONE, text) IS 'Repeats a step until df.break.';
CREATE OPERATOR <-> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.with_undo);
COMMENT ON OPERATOR <-> (text, text) IS 'The left step; the right one undoes it when a later step fails.';
