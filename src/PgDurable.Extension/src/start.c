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
#include "access/genam.h"
#include "access/skey.h"
#include "access/table.h"
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
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

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

/* A table of schema df that is read in the order of an index. */
typedef struct Reading
{
	Relation	table;
	Relation	index;
	SysScanDesc scan;
} Reading;

/* Begins to read, or returns false if the caller may not read the table. */
static bool
begin_reading(Reading *reading, const char *table, const char *index, ScanKey keys, int n)
{
	Oid			schema = get_namespace_oid("df", false);
	Oid			id = get_relname_relid(table, schema);

	if (pg_class_aclcheck(id, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		return false;
	reading->table = table_open(id, AccessShareLock);
	reading->index = index_open(get_relname_relid(index, schema), AccessShareLock);
	for (int i = 0; i < n; i++)
		keys[i].sk_attno = reading->index->rd_index->indkey.values[i];
	reading->scan = systable_beginscan_ordered(reading->table, reading->index, GetActiveSnapshot(), n, keys);
	return true;
}

static void
end_reading(Reading *reading)
{
	systable_endscan_ordered(reading->scan);
	index_close(reading->index, AccessShareLock);
	table_close(reading->table, AccessShareLock);
}

/* Value of a column; the row is the index scan's. */
static Datum
column(const Reading *reading, HeapTuple row, const char *name, bool *is_null)
{
	return heap_getattr(row, get_attnum(RelationGetRelid(reading->table), name), RelationGetDescr(reading->table), is_null);
}

/* The first columns of these indexes are the owner. */
static void
begin_keys(ScanKey keys)
{
	/* The column is set when the index is known. */
	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(GetUserId()));
}

/* Whether the caller has variables, as far as it may read them. */
static bool
has_variables(void)
{
	ScanKeyData keys[1];
	Reading		reading;
	bool		found;

	begin_keys(keys);
	if (!begin_reading(&reading, "vars", "vars_pkey", keys, 1))
		return true;
	found = HeapTupleIsValid(systable_getnext_ordered(reading.scan, ForwardScanDirection));
	end_reading(&reading);
	return found;
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

/* Finds a graph that the caller has started before. With sources, they must be those that are known. */
static bool
find_graph(FunctionCallInfo fcinfo, Datum *graph_id)
{
	text	   *graph = as_envelope(PG_GETARG_TEXT_PP(ARG_GRAPH));
	ScanKeyData keys[2];
	Reading		reading;
	HeapTuple	row;
	bool		found = false;

	if (graph == NULL)
		return false;
	begin_keys(keys);
	ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, F_INT8EQ,
				DirectFunctionCall2Coll(hashtextextended, DEFAULT_COLLATION_OID, PointerGetDatum(graph), Int64GetDatum(0)));
	if (!begin_reading(&reading, "graphs", "graphs_content_idx", keys, 2))
		return false;
	while (!found && HeapTupleIsValid(row = systable_getnext_ordered(reading.scan, ForwardScanDirection)))
	{
		bool		is_null;
		text	   *stored = DatumGetTextPP(column(&reading, row, "graph", &is_null));

		if (VARSIZE_ANY_EXHDR(stored) != VARSIZE_ANY_EXHDR(graph) ||
			memcmp(VARDATA_ANY(stored), VARDATA_ANY(graph), VARSIZE_ANY_EXHDR(graph)) != 0)
			continue;
		column(&reading, row, "unused_at", &is_null);
		if (!is_null)
			continue;
		if (!PG_ARGISNULL(ARG_SOURCES))
		{
			Datum		sources = column(&reading, row, "sources", &is_null);

			if (!is_same_array(sources, is_null, PG_GETARG_DATUM(ARG_SOURCES)))
				continue;
		}
		*graph_id = column(&reading, row, "graph_id", &is_null);
		found = true;
	}
	end_reading(&reading);
	return found;
}

/* Finds a workflow that the caller has registered, in its newest version unless one is given. */
static bool
find_workflow(FunctionCallInfo fcinfo, Datum *graph_id, Datum *version)
{
	ScanKeyData keys[3];
	Reading		reading;
	HeapTuple	row;
	bool		is_null;

	begin_keys(keys);
	ScanKeyEntryInitialize(&keys[1], 0, 2, BTEqualStrategyNumber, InvalidOid, DEFAULT_COLLATION_OID, F_TEXTEQ,
						   PG_GETARG_DATUM(ARG_WORKFLOW));
	if (!PG_ARGISNULL(ARG_VERSION))
		ScanKeyInit(&keys[2], 3, BTEqualStrategyNumber, F_INT4EQ, PG_GETARG_DATUM(ARG_VERSION));
	if (!begin_reading(&reading, "registrations", "registrations_pkey", keys, PG_ARGISNULL(ARG_VERSION) ? 2 : 3))
		return false;
	row = systable_getnext_ordered(reading.scan, BackwardScanDirection);
	if (HeapTupleIsValid(row))
	{
		*graph_id = column(&reading, row, "graph_id", &is_null);
		*version = column(&reading, row, "version", &is_null);
	}
	end_reading(&reading);
	return HeapTupleIsValid(row);
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
