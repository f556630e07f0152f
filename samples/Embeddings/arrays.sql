-- Embeddings as arrays, where pgvector can't be had: the same results, but a search looks at every chunk.
SET ROLE embeddings;
ALTER TABLE embeddings.chunks ADD embedding real[];
CREATE INDEX chunks_without_embedding ON embeddings.chunks (id) WHERE embedding IS NULL;

CREATE FUNCTION embeddings.to_embedding(numbers jsonb) RETURNS real[]
LANGUAGE sql IMMUTABLE STRICT
RETURN (SELECT array_agg(n::real ORDER BY place) FROM jsonb_array_elements_text(numbers) WITH ORDINALITY e (n, place));

CREATE FUNCTION embeddings.cosine(a real[], b real[]) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT
RETURN (SELECT sum(x::float8 * y) / nullif(sqrt(sum(x::float8 * x)) * sqrt(sum(y::float8 * y)), 0) FROM unnest(a, b) p (x, y));

CREATE FUNCTION embeddings.search(question jsonb, most int DEFAULT 5) RETURNS TABLE (name text, text text, similarity float8)
LANGUAGE sql STABLE
AS $$
    SELECT d.name, c.text, s.similarity
      FROM embeddings.chunks c JOIN embeddings.documents d ON d.id = c.document_id
     CROSS JOIN LATERAL (SELECT embeddings.cosine(c.embedding, embeddings.to_embedding(question)) AS similarity) s
     ORDER BY s.similarity DESC NULLS LAST
     LIMIT most
$$;
RESET ROLE;
