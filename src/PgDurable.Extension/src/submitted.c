/*
 * submitted.c - df._submitted: puts a submission into the queue
 *
 * The rules are those of sql/portable/submitted.sql, which serves where this module can't be loaded; tests run against both. It runs at
 * every start, as the schema's owner.
 */
#include "postgres.h"

#include "access/genam.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "rows.h"
#include "lookup.h"
#include "pg_durable.h"
#include "statements.h"

PG_FUNCTION_INFO_V1(pg_durable_submitted);

static PgdStatement check_start = {"SELECT df._check_start($1)", 1, {REGROLEOID}, NULL};

/* Columns of df.queue, in order. */
static const char *const queue_columns[] = {
	"instance_no", "due_at", "started_at", "submitted_by", "worker_id", "parent_no", "waits", "lane", "undoing"
};

/* Value of a column of the new row. */
static Datum
column(const TriggerData *trigger, const char *name, bool *is_null)
{
	return pgd_value(trigger->tg_relation, trigger->tg_trigtuple, name, is_null);
}

/* Whether the role has a limit of its own. */
static bool
has_own_limit(Oid schema, Datum role, Snapshot snapshot)
{
	ScanKeyData key;
	PgdLookup	lookup;

	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_OIDEQ, role);
	pgd_begin_lookup(&lookup, schema, "limits", "limits_pkey", &key, 1, ForwardScanDirection, snapshot);
	return pgd_end_lookup(&lookup);
}

/* Writes the row of df.queue. */
static void
insert_into_queue(const TriggerData *trigger, Oid schema, Datum role)
{
	bool		nulls[lengthof(queue_columns)] = {false, false, true, false, true, false, true, false, false};
	Datum		values[lengthof(queue_columns)] = {0};
	bool		is_null;
	Datum		workflow;

	values[0] = column(trigger, "instance_no", &is_null);
	values[1] = column(trigger, "start_at", &is_null);
	if (is_null)
		values[1] = TimestampTzGetDatum(DT_NOBEGIN);
	values[3] = role;
	values[5] = column(trigger, "parent_no", &nulls[5]);
	workflow = column(trigger, "workflow", &is_null);
	values[7] = Int16GetDatum(
		is_null ? 0 : 1 + (DatumGetInt32(DirectFunctionCall1Coll(hashtext, DEFAULT_COLLATION_OID, workflow)) & 63));
	pgd_insert_row(schema, "queue", queue_columns, lengthof(queue_columns), values, nulls);
}

/* Trigger: a row of df.submissions was inserted. */
Datum
pg_durable_submitted(PG_FUNCTION_ARGS)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;
	Oid			schema = get_namespace_oid("df", false);
	Snapshot	snapshot;
	Datum		role;
	bool		is_limited;
	bool		is_null;

	if (!CALLED_AS_TRIGGER(fcinfo) || RelationGetRelid(trigger->tg_relation) != get_relname_relid("submissions", schema))
		elog(ERROR, "df._submitted is the trigger of df.submissions");
	role = column(trigger, "submitted_by", &is_null);

	/* As it is now: the statement may have begun long ago. */
	snapshot = RegisterSnapshot(GetTransactionSnapshot());
	is_limited = has_own_limit(schema, role, snapshot);
	pgd_tell_workers(schema, snapshot, "start");
	UnregisterSnapshot(snapshot);

	/* Most roles have no such limit, and checking that is cheap. */
	if (is_limited || pgd_max_instances_per_role != 0 || pgd_max_starts_per_second_per_role != 0)
	{
		SPI_connect();
		pgd_run(&check_start, &role, NULL);
		SPI_finish();
	}
	insert_into_queue(trigger, schema, role);
	return PointerGetDatum(NULL);
}
