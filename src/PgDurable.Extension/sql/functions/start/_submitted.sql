-- Not for rows that come from a dump: it also contains their queue rows and outcomes.
CREATE TRIGGER submitted AFTER INSERT ON df.submissions FOR EACH ROW
    WHEN (NEW.created_at OPERATOR(pg_catalog.=) pg_catalog.now()) EXECUTE FUNCTION df._submitted();
