-- Unqualified: with the extension they land in pg_catalog, so that any search_path finds them; where the SDK installs the schema they
-- land in df. PostgreSQL gives all of them the same precedence and groups from left to right.
CREATE OPERATOR ~> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.seq);
COMMENT ON OPERATOR ~> (text, text) IS 'Runs the left step, then the right one.';
CREATE OPERATOR |=> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.as_op);
COMMENT ON OPERATOR |=> (text, text) IS 'Names the result of a step.';
CREATE OPERATOR & (LEFTARG = text, RIGHTARG = text, FUNCTION = df.join);
COMMENT ON OPERATOR & (text, text) IS 'Runs both at the same time and waits for both.';
CREATE OPERATOR | (LEFTARG = text, RIGHTARG = text, FUNCTION = df.race);
COMMENT ON OPERATOR | (text, text) IS 'Runs both at the same time; the first to end decides.';
CREATE OPERATOR ?> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.if_then_op);
COMMENT ON OPERATOR ?> (text, text) IS 'First half of a conditional: (condition ?> then) !> otherwise.';
CREATE OPERATOR !> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.if_else_op);
COMMENT ON OPERATOR !> (text, text) IS 'Second half of a conditional: (condition ?> then) !> otherwise.';
CREATE OPERATOR @> (RIGHTARG = text, FUNCTION = df.loop_prefix_op);
COMMENT ON OPERATOR @> (NONE, text) IS 'Repeats a step until df.break.';
CREATE OPERATOR <-> (LEFTARG = text, RIGHTARG = text, FUNCTION = df.with_undo);
COMMENT ON OPERATOR <-> (text, text) IS 'Runs the left step. If a later step fails, the right one undoes it.';
