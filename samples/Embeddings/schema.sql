-- What an administrator prepares, before pgvector.sql or arrays.sql. HTTP steps need the embedding server's host in
-- pg_durable.http_allowed_hosts.
CREATE EXTENSION IF NOT EXISTS pg_durable;
CREATE ROLE embeddings LOGIN;
SELECT df.grant_usage('embeddings', include_http => true);
CREATE SCHEMA embeddings AUTHORIZATION embeddings;
SET ROLE embeddings;

CREATE TABLE embeddings.documents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    body text NOT NULL,
    revision int NOT NULL DEFAULT 1,
    chunked_revision int NOT NULL DEFAULT 0);
CREATE TABLE embeddings.chunks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id bigint NOT NULL REFERENCES embeddings.documents ON DELETE CASCADE,
    revision int NOT NULL,
    place int NOT NULL,
    text text NOT NULL,
    UNIQUE (document_id, revision, place));
RESET ROLE;
