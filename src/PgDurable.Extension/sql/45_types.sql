CREATE TYPE df._execution AS (
    execution    integer,      -- parents before children; children of one parent are adjacent
    parent       integer,
    place        integer,      -- position among the parent's children, from 1
    first_child  integer,
    node         integer,
    node_type    text,
    query        text,
    result_name  text,
    children     integer[],    -- numbers of the node's children: left, right, condition, extras
    path         text,
    number       integer,      -- of the iteration, attempt or item it belongs to
    state        text,         -- done, failed, broke; NULL while it has not ended
    ended_by     integer,      -- seq of the checkpoint that ended it
    source       integer,      -- the execution whose result or error it takes over
    value        json,         -- its result, if no checkpoint holds it
    prefix       text,         -- what the nodes above the source prepend to the error message
    pick         integer,      -- the branch that an IF took: 0 or 1
    touched      boolean,      -- has a checkpoint at or below it
    began        timestamptz,
    ended        timestamptz
);
COMMENT ON TYPE df._execution IS 'Internal: one execution of a node, as df._fold finds it.';

CREATE TYPE df.http_endpoint AS (server text, path text);
COMMENT ON TYPE df.http_endpoint IS 'A path below the base_url of a server: see df.endpoint.';
