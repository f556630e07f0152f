CREATE TYPE df._execution AS (
    execution    integer,      -- parents before children, those of one parent side by side
    parent       integer,
    place        integer,      -- among the parent's children, from 1
    first_child  integer,
    node         integer,
    node_type    text,
    query        text,
    result_name  text,
    children     integer[],    -- numbers of the node's children: left, right, condition, extras
    path         text,
    number       integer,      -- of the iteration, attempt or item that it belongs to
    state        text,         -- done, failed, broke; NULL while it has not ended
    ended_by     integer,      -- seq of the checkpoint with which it ended
    source       integer,      -- the execution whose result or error is its own
    value        json,         -- its result, when that is in no checkpoint
    prefix       text,         -- what the nodes above the source add to the error's message
    pick         integer,      -- the arm that an IF took: 0 or 1
    touched      boolean,      -- has a checkpoint at or below it
    began        timestamptz,
    ended        timestamptz
);
COMMENT ON TYPE df._execution IS 'Internal: one execution of a node, as df._fold finds it.';

CREATE TYPE df.http_endpoint AS (server text, path text);
COMMENT ON TYPE df.http_endpoint IS 'A path below the base_url of a server: see df.endpoint.';
