/*
 * start.c - df._start_known: starts an instance of a graph that is stored already
 *
 * Starting is what applications wait for, so the usual case doesn't go through PL/pgSQL: the role has started this graph, or registered
 * this workflow, and nothing about the start is special. In all other cases this returns NULL, and df._submit decides what happens. So
 * every check is in SQL and has its message there. This only has to know when none of them would fail.
 *
 * It runs with the caller's rights. What it reads without a statement are rows of the caller's own, of tables that the caller may read:
 * what row security would show. The row that it writes goes through a statement, with everything that PostgreSQL checks there. Whatever
 * the search_path is, nothing is looked up in it.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "lookup.h"
#include "pg_durable.h"
#include "statements.h"

/* As in df._submit. */
#define MOST_INPUT_BYTES 16777216
#define BLANKS " \t\r\n"

/* Arguments of df._start_known. */
enum
{
	ARG_GRAPH, ARG_WORKFLOW, ARG_VERSION, ARG_LABEL, ARG_INPUT, ARG_KEY, ARG_START_AT, ARG_SOURCES
};

PG_FUNCTION_INFO_V1(pg_durable_start_known);

/* A conflict is one of the id, which is drawn, or of the idempotency key. */
static PgdStatement insert_submission = {
	"INSERT INTO df.submissions AS s (graph_id, workflow, workflow_version, label, input, idempotency_key, start_at) "
	"VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING s.id",
	7, {INT8OID, TEXTOID, INT4OID, TEXTOID, JSONBOID, TEXTOID, TIMESTAMPTZOID}, NULL
};

/* The same with a copy of the caller's variables. If they are too large, nothing is written. */
static PgdStatement insert_with_variables = {
	"INSERT INTO df.submissions AS s (graph_id, workflow, workflow_version, label, input, idempotency_key, start_at, vars) "
	"SELECT $1, $2, $3, $4, $5, $6, $7, c.vars "
	"FROM (SELECT pg_catalog.json_object_agg(v.name, v.value) FROM df.vars v "
	"WHERE v.owner OPERATOR(pg_catalog.=) $8 AND v.value IS NOT NULL) c (vars) "
	"WHERE COALESCE(pg_catalog.pg_column_size(c.vars) OPERATOR(pg_catalog.<=) 16777216, true) ON CONFLICT DO NOTHING RETURNING s.id",
	8, {INT8OID, TEXTOID, INT4OID, TEXTOID, JSONBOID, TEXTOID, TIMESTAMPTZOID, OIDOID}, NULL
};

/*
 * Begins to look for rows of the caller, whom the first of the keys is to name. Returns false if it may not read the table.
 */
static bool
begin_lookup(PgdLookup *lookup, const char *table, const char *index, ScanKey keys, int n, ScanDirection direction)
{
	Oid			schema = get_namespace_oid("df", false);

	if (pg_class_aclcheck(get_relname_relid(table, schema), GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		return false;
	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(GetUserId()));
	pgd_begin_lookup(lookup, schema, table, index, keys, n, direction, NULL);
	return true;
}

/* Whether the caller has variables, as far as it may read them. */
static bool
has_variables(void)
{
	ScanKeyData keys[1];
	PgdLookup	lookup;

	return !begin_lookup(&lookup, "vars", "vars_pkey", keys, 1, ForwardScanDirection) || pgd_end_lookup(&lookup);
}

/* The envelope of what df.start was given, or NULL if it takes more to find that out: see df._as_node. */
static text *
as_envelope(const text *given)
{
	char	   *string = text_to_cstring(given);
	size_t		length = strlen(string);
	StringInfoData envelope;

	if (string[strspn(string, BLANKS)] == '{')
		return string[0] == '{' && string[length - 1] == '}' ? cstring_to_text_with_len(string, length) : NULL;
	if (strcmp(string, "OK") == 0)
		return NULL;
	initStringInfo(&envelope);
	appendStringInfoString(&envelope, "{\"node_type\":\"SQL\",\"query\":");
	escape_json(&envelope, string);
	appendStringInfoChar(&envelope, '}');
	return cstring_to_text_with_len(envelope.data, envelope.len);
}

/* Whether an array is the one that is stored. */
static bool
is_same_array(Datum stored, bool is_null, Datum given)
{
	struct varlena *a;
	struct varlena *b;

	if (is_null)
		return false;
	a = PG_DETOAST_DATUM(stored);
	b = PG_DETOAST_DATUM(given);
	return VARSIZE(a) == VARSIZE(b) && memcmp(VARDATA(a), VARDATA(b), VARSIZE(a) - VARHDRSZ) == 0;
}

/* Whether the row that was found is of the graph, may be used, and has the sources, if there are any. */
static bool
is_graph(const PgdLookup *lookup, const text *graph, FunctionCallInfo fcinfo)
{
	bool		is_null;
	bool		is_used;
	Datum		sources;
	text	   *stored = DatumGetTextPP(pgd_column(lookup, "graph", &is_null));

	(void) pgd_column(lookup, "unused_at", &is_used);
	sources = pgd_column(lookup, "sources", &is_null);
	return is_used && VARSIZE_ANY_EXHDR(stored) == VARSIZE_ANY_EXHDR(graph) &&
		memcmp(VARDATA_ANY(stored), VARDATA_ANY(graph), VARSIZE_ANY_EXHDR(graph)) == 0 &&
		(PG_ARGISNULL(ARG_SOURCES) || is_same_array(sources, is_null, PG_GETARG_DATUM(ARG_SOURCES)));
}

/* Finds a graph that the caller has started before. */
static bool
find_graph(FunctionCallInfo fcinfo, Datum *graph_id)
{
	text	   *graph = as_envelope(PG_GETARG_TEXT_PP(ARG_GRAPH));
	ScanKeyData keys[2];
	PgdLookup	lookup;
	bool		is_null;

	if (graph == NULL)
		return false;
	ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, F_INT8EQ,
				DirectFunctionCall2Coll(hashtextextended, DEFAULT_COLLATION_OID, PointerGetDatum(graph), Int64GetDatum(0)));
	if (!begin_lookup(&lookup, "graphs", "graphs_content_idx", keys, 2, ForwardScanDirection))
		return false;
	while (HeapTupleIsValid(lookup.tuple) && !is_graph(&lookup, graph, fcinfo))
		(void) pgd_next(&lookup);
	if (HeapTupleIsValid(lookup.tuple))
		*graph_id = pgd_column(&lookup, "graph_id", &is_null);
	return pgd_end_lookup(&lookup);
}

/* Finds a workflow that the caller has registered, in its newest version unless one is given. */
static bool
find_workflow(FunctionCallInfo fcinfo, Datum *graph_id, Datum *version)
{
	ScanKeyData keys[3];
	int			n = PG_ARGISNULL(ARG_VERSION) ? 2 : 3;
	PgdLookup	lookup;
	bool		is_null;

	ScanKeyEntryInitialize(&keys[1], 0, 2, BTEqualStrategyNumber, InvalidOid, DEFAULT_COLLATION_OID, F_TEXTEQ,
						   PG_GETARG_DATUM(ARG_WORKFLOW));
	if (n == 3)
		ScanKeyInit(&keys[2], 3, BTEqualStrategyNumber, F_INT4EQ, PG_GETARG_DATUM(ARG_VERSION));
	if (!begin_lookup(&lookup, "registrations", "registrations_pkey", keys, n, BackwardScanDirection))
		return false;
	if (HeapTupleIsValid(lookup.tuple))
	{
		*graph_id = pgd_column(&lookup, "graph_id", &is_null);
		*version = pgd_column(&lookup, "version", &is_null);
	}
	return pgd_end_lookup(&lookup);
}

/* Whether something about the start is not for us: it is refused, or takes more than writing its row. */
static bool
is_special(FunctionCallInfo fcinfo)
{
	return (superuser() && !pgd_enable_superuser_instances) ||
		(!PG_ARGISNULL(ARG_INPUT) && toast_datum_size(PG_GETARG_DATUM(ARG_INPUT)) > MOST_INPUT_BYTES) ||
		(!PG_ARGISNULL(ARG_START_AT) && TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(ARG_START_AT)));
}

/* df._start_known(graph, workflow, version, label, input, idempotency_key, start_at, sources): the id, or NULL */
Datum
pg_durable_start_known(PG_FUNCTION_ARGS)
{
	Datum		values[8];
	char		nulls[] = "        ";
	Datum		id = (Datum) 0;
	bool		is_null = true;

	if (is_special(fcinfo))
		PG_RETURN_NULL();
	values[2] = (Datum) 0;
	values[7] = ObjectIdGetDatum(GetUserId());
	if (PG_ARGISNULL(ARG_WORKFLOW) ? PG_ARGISNULL(ARG_GRAPH) || !find_graph(fcinfo, &values[0])
		: !find_workflow(fcinfo, &values[0], &values[2]))
		PG_RETURN_NULL();
	values[1] = PG_GETARG_DATUM(ARG_WORKFLOW);
	if (PG_ARGISNULL(ARG_WORKFLOW))
		nulls[1] = nulls[2] = 'n';
	for (int i = ARG_LABEL; i <= ARG_START_AT; i++)
	{
		values[i] = PG_GETARG_DATUM(i);
		if (PG_ARGISNULL(i))
			nulls[i] = 'n';
	}

	SPI_connect();
	if (pgd_run(has_variables() ? &insert_with_variables : &insert_submission, values, nulls) > 0)
		id = SPI_datumTransfer(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null), false, -1);
	SPI_finish();
	if (is_null)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(id);
}
