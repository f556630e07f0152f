/*
 * checkpoint.c - df._commit_step: what a step leaves on record, in the step's own transaction
 *
 * The rules are those of sql/portable/commit_step.sql, which serves where this module can't be loaded; tests run against both. This runs at every
 * step, and as a PL/pgSQL function it cost as much as the step's own statement.
 *
 * It runs inside the sandbox, that is: called as the submitting role. SECURITY DEFINER gives it the owner's rights, the secret proves the caller.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/skey.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "pg_durable.h"

#define ERRCODE_DF_LEASE_LOST MAKE_SQLSTATE('D', 'F', '0', '0', '1')

/* Columns of df.queue; the check below notices when they move. */
#define QUEUE_INSTANCE_NO 1
#define QUEUE_WORKER_ID 5

PG_FUNCTION_INFO_V1(pg_durable_commit_step);

/* A statement, planned at its first use and kept for as long as the session. */
typedef struct Statement
{
	const char *text;
	int			nargs;
	Oid			types[7];
	SPIPlanPtr	plan;
} Statement;

static Statement insert_checkpoint = {
	"INSERT INTO df.checkpoints (instance_no, worker_id, node, path, attempt, result, columns, started_at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, pg_catalog.now())",
	7, {INT8OID, INT4OID, INT4OID, TEXTOID, INT4OID, JSONOID, JSONOID}, NULL
};

/* NOWAIT: an open transaction that cancels the instance may stay open for long, and must not hold a worker's connection. */
static Statement lock_instance = {
	"SELECT FROM df.queue q WHERE q.instance_no OPERATOR(pg_catalog.=) $1 AND q.worker_id OPERATOR(pg_catalog.=) $2 FOR UPDATE NOWAIT",
	2, {INT8OID, INT4OID}, NULL
};
static Statement delete_instance = {
	"DELETE FROM df.queue q WHERE q.instance_no OPERATOR(pg_catalog.=) $1",
	1, {INT8OID}, NULL
};
static Statement insert_outcome = {
	"INSERT INTO df.outcomes (instance_no, status, result_node, result_path) VALUES ($1, 'completed', $2, $3)",
	3, {INT8OID, INT4OID, TEXTOID}, NULL
};

/* Runs a statement and returns how many rows it found or changed. */
static uint64
run(Statement *statement, Datum *values, const char *nulls)
{
	int			code;

	if (statement->plan == NULL)
	{
		SPIPlanPtr	plan = SPI_prepare_cursor(statement->text, statement->nargs, statement->types, CURSOR_OPT_GENERIC_PLAN);

		if (plan == NULL || SPI_keepplan(plan) != 0)
			elog(ERROR, "could not prepare \"%s\": %s", statement->text, SPI_result_code_string(SPI_result));
		statement->plan = plan;
	}
	code = SPI_execute_plan(statement->plan, values, nulls, false, 0);
	if (code < 0)
		elog(ERROR, "could not run \"%s\": %s", statement->text, SPI_result_code_string(code));
	return SPI_processed;
}

/*
 * Whether the worker holds the instance, as far as this transaction sees. Read without a lock: should the instance change hands right now, the
 * checkpoint's key decides. By the index itself and not by a planned statement, because the table is empty at one moment and full at the next,
 * and a plan made for the one would be kept for the other.
 */
static bool
is_held(int64 instance_no, int32 worker)
{
	Oid			schema = get_namespace_oid("df", false);
	Relation	queue = table_open(get_relname_relid("queue", schema), AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		held = false;

	if (strcmp(NameStr(TupleDescAttr(RelationGetDescr(queue), QUEUE_WORKER_ID - 1)->attname), "worker_id") != 0)
		elog(ERROR, "table df.queue is not that of this version of pg_durable");

	ScanKeyInit(&key, QUEUE_INSTANCE_NO, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(instance_no));
	scan = systable_beginscan(queue, get_relname_relid("queue_pkey", schema), true, GetActiveSnapshot(), 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		holder = heap_getattr(tuple, QUEUE_WORKER_ID, RelationGetDescr(queue), &isnull);

		held = !isnull && DatumGetInt32(holder) == worker;
	}
	systable_endscan(scan);
	table_close(queue, AccessShareLock);
	return held;
}

/* The worker's attempt does not count any more. */
static void
lease_lost(int64 instance_no, int32 worker)
{
	ereport(ERROR,
			(errcode(ERRCODE_DF_LEASE_LOST),
			 errmsg("worker %d does not hold instance " INT64_FORMAT, worker, instance_no)));
}

/* df._commit_step(secret, worker, instance, node, path, attempt, result, columns, completes) */
Datum
pg_durable_commit_step(PG_FUNCTION_ARGS)
{
	int64		instance_no;
	int32		worker;

	if (PG_ARGISNULL(0) || !pgd_seal(PG_GETARG_BYTEA_PP(0)))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("df._commit_step is called by the worker only")));
	for (int i = 1; i < 9; i++)
		if (PG_ARGISNULL(i) && i != 7)
			elog(ERROR, "argument %d of df._commit_step is NULL", i + 1);
	worker = PG_GETARG_INT32(1);
	instance_no = PG_GETARG_INT64(2);

	if (!is_held(instance_no, worker))
		lease_lost(instance_no, worker);

	SPI_connect();
	{
		Datum		values[] = {Int64GetDatum(instance_no), Int32GetDatum(worker), PG_GETARG_DATUM(3), PG_GETARG_DATUM(4), PG_GETARG_DATUM(5),
		PG_GETARG_DATUM(6), PG_GETARG_DATUM(7)};

		run(&insert_checkpoint, values, PG_ARGISNULL(7) ? "      n" : NULL);
	}
	if (PG_GETARG_BOOL(8))
	{
		Datum		lease[] = {Int64GetDatum(instance_no), Int32GetDatum(worker)};
		Datum		outcome[] = {Int64GetDatum(instance_no), PG_GETARG_DATUM(3), PG_GETARG_DATUM(4)};

		int			level = NewGUCNestLevel();

		/* As in is_held: the index, also when the plan is made while the table looks empty. */
		(void) set_config_option("enable_seqscan", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
		(void) set_config_option("enable_bitmapscan", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
		if (run(&lock_instance, lease, NULL) == 0)
			lease_lost(instance_no, worker);
		run(&delete_instance, lease, NULL);
		run(&insert_outcome, outcome, NULL);
		AtEOXact_GUC(true, level);
	}
	SPI_finish();
	PG_RETURN_VOID();
}
