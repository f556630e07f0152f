-- Tags of instances. A table of its own, so that a start without tags pays nothing for them.

CREATE TABLE df.tags (
    instance_no   bigint NOT NULL,
    submitted_by  regrole NOT NULL,
    removed       boolean NOT NULL DEFAULT false,
    key           text NOT NULL CHECK (key OPERATOR(pg_catalog.~) '^[A-Za-z_][A-Za-z0-9_.-]{0,63}$'),
    value         text NOT NULL CHECK (pg_catalog.length(value) OPERATOR(pg_catalog.<=) 256),
    PRIMARY KEY (instance_no, key)
);
COMMENT ON TABLE df.tags IS 'Tags of instances. df.tag writes them with the caller''s rights.';
COMMENT ON COLUMN df.tags.instance_no IS 'The instance (df.submissions).';
COMMENT ON COLUMN df.tags.submitted_by IS 'The instance''s role, so that a search reads no rows of other roles.';
COMMENT ON COLUMN df.tags.removed IS 'Setting it removes the row.';
COMMENT ON COLUMN df.tags.key IS 'The key: up to 64 letters, digits, _, . and -.';
COMMENT ON COLUMN df.tags.value IS 'The value: up to 256 characters.';
CREATE INDEX tags_value_idx ON df.tags (submitted_by, key, value, instance_no);
