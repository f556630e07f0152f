-- Embeddings as vectors of pgvector, with an index.
CREATE EXTENSION IF NOT EXISTS vector;
SET ROLE embeddings;
ALTER TABLE embeddings.chunks ADD embedding vector(256);
CREATE INDEX chunks_without_embedding ON embeddings.chunks (id) WHERE embedding IS NULL;
CREATE INDEX ON embeddings.chunks USING hnsw (embedding vector_cosine_ops);

CREATE FUNCTION embeddings.to_embedding(numbers jsonb) RETURNS vector
LANGUAGE sql IMMUTABLE STRICT RETURN numbers::text::vector;

CREATE FUNCTION embeddings.search(question jsonb, most int DEFAULT 5) RETURNS TABLE (name text, text text, similarity float8)
LANGUAGE sql STABLE
AS $$
    SELECT d.name, c.text, 1 - (c.embedding <=> embeddings.to_embedding(question))
      FROM embeddings.chunks c JOIN embeddings.documents d ON d.id = c.document_id
     ORDER BY c.embedding <=> embeddings.to_embedding(question)
     LIMIT most
$$;
RESET ROLE;
