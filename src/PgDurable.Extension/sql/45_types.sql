CREATE TYPE df._execution AS (
    -- Where it is, as df._executions finds it.
    execution    integer,      -- parents before children; children of one parent are adjacent
    parent       integer,
    place        integer,      -- position among the parent's children, from 1
    first_child  integer,
    last_child   integer,
    node         integer,
    node_type    text,
    query        text,
    result_name  text,
    children     integer[],    -- numbers of the node's children: left, right, condition, extras
    path         text,
    number       integer,      -- of the iteration, attempt or item it belongs to
    protected    boolean,      -- in the body of a loop that continues on failure
    seq          integer,      -- of its own row
    failed       boolean,      -- its row has an error
    -- How it ended, as df._fold finds it. Began and ended are its row's at first.
    began        timestamptz,
    ended        timestamptz,
    touched      boolean,      -- has a row at or below it
    state        text,         -- done, failed, broke; NULL while it has not ended
    ended_by     integer,      -- seq of the checkpoint that ended it
    source       integer,      -- the execution whose result or error it takes over
    value        json,         -- its result, if no checkpoint holds it
    prefix       text,         -- what the nodes above the source prepend to the error message
    fatal        boolean,      -- its failure ends even a loop that continues on failure
    pick         integer       -- the branch that an IF took: 0 or 1
);
COMMENT ON TYPE df._execution IS 'Internal: one execution of a node, as df._fold finds it.';

CREATE TYPE df._ending AS (
    state        text,         -- done, failed, broke: it ends by itself
    value        json,         -- its result then
    child        integer,      -- it ends as this child of its
    counts_as    text,         -- what that child's end counts as, when that is something else
    after        integer,      -- seq of a checkpoint without which it has not ended
    label        text,         -- what it adds to that child's error's message
    pick         integer,      -- the arm that an IF takes: 0 or 1
    proven       text          -- how the first child must have ended, by what came afterwards
);
COMMENT ON TYPE df._ending IS 'Internal: what its children say of an execution: see df._fold.';

CREATE TYPE df._step AS (
    node         integer,
    node_type    text,
    query        text,
    result_name  text,
    children     integer[],
    first        integer,      -- the first and the last step at or below it
    last         integer
);
COMMENT ON TYPE df._step IS 'Internal: a node of a graph that is a sequence: see df._sequence.';

CREATE TYPE df.http_endpoint AS (server text, path text);
COMMENT ON TYPE df.http_endpoint IS 'A path below the base_url of a server: see df.endpoint.';

CREATE TYPE df._search AS (
    ids            text[],       -- any of these, for each of the arrays; NULL for no condition
    workflows      text[],
    labels         text[],
    statuses       text[],
    errors         text[],
    steps          text[],
    not_ids        text[],       -- none of these
    not_workflows  text[],
    not_labels     text[],
    not_statuses   text[],
    not_errors     text[],
    not_steps      text[],
    tags           jsonb,        -- {"key": ["value", ...], ...}: for each key any of its values
    not_tags       jsonb,        -- the same: none of these
    since          timestamptz,
    until          timestamptz,
    deep           boolean       -- asks for more than the row of the submission
);
COMMENT ON TYPE df._search IS 'Internal: what a query of df.search asks for.';
