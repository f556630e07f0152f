/*
 * rows.c - writes and deletes rows of schema df without planned statements, which would be half of what it costs
 *
 * Triggers and constraints that an administrator has added to the tables work here too. Nobody's rights are checked.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "rows.h"

/* What a change to a table needs. */
typedef struct Change
{
	Relation	table;
	EState	   *estate;
	ResultRelInfo *target;
	TupleTableSlot *slot;
	MemoryContext caller;
} Change;

static void
begin_change(Change *change, Oid schema, const char *name)
{
	change->table = table_open(get_relname_relid(name, schema), RowExclusiveLock);
	change->estate = CreateExecutorState();
	change->caller = MemoryContextSwitchTo(change->estate->es_query_cxt);
	change->slot = table_slot_create(change->table, &change->estate->es_tupleTable);
	change->estate->es_snapshot = GetActiveSnapshot();
	change->target = makeNode(ResultRelInfo);
	InitResultRelInfo(change->target, change->table, 0, NULL, 0);
	AfterTriggerBeginQuery();
}

static void
end_change(Change *change)
{
	AfterTriggerEndQuery(change->estate);
	ExecResetTupleTable(change->estate->es_tupleTable, false);
	MemoryContextSwitchTo(change->caller);
	FreeExecutorState(change->estate);
	table_close(change->table, NoLock);
}

/* Writes the row. The columns are the table's first; all others are NULL. */
void
pgd_insert_row(Oid schema, const char *name, const char *const *columns, int n, const Datum *values, const bool *nulls)
{
	Change		change;
	TupleDesc	description;

	begin_change(&change, schema, name);
	description = RelationGetDescr(change.table);
	memset(change.slot->tts_isnull, true, description->natts * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		if (i >= description->natts || strcmp(NameStr(TupleDescAttr(description, i)->attname), columns[i]) != 0)
			elog(ERROR, "table df.%s does not match this version of pg_durable", name);
		change.slot->tts_values[i] = values[i];
		change.slot->tts_isnull[i] = nulls[i];
	}
	ExecStoreVirtualTuple(change.slot);

	ExecOpenIndices(change.target, false);
	ExecSimpleRelationInsert(change.target, change.estate, change.slot);
	ExecCloseIndices(change.target);
	end_change(&change);
}

/*
 * Deletes the newest version of the row, if it is still ours, and returns whether it was. Raises an error rather than wait for somebody who
 * has locked it.
 */
bool
pgd_take_row(Oid schema, const char *name, ItemPointer row, PgdIsOurs is_ours, const void *context)
{
	Change		change;
	Snapshot	latest = RegisterSnapshot(GetLatestSnapshot());
	TM_FailureData failure;
	bool		taken;

	begin_change(&change, schema, name);
	taken = table_tuple_lock(change.table, row, latest, change.slot, GetCurrentCommandId(true), LockTupleExclusive, LockWaitError,
							 TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure) == TM_Ok &&
		is_ours(change.slot, context);
	if (taken)
	{
		EPQState	recheck;

#if PG_VERSION_NUM >= 160000
		EvalPlanQualInit(&recheck, change.estate, NULL, NIL, -1, NIL);
#else
		EvalPlanQualInit(&recheck, change.estate, NULL, NIL, -1);
#endif
		ExecSimpleRelationDelete(change.target, change.estate, &recheck, change.slot);
	}
	end_change(&change);
	UnregisterSnapshot(latest);
	return taken;
}
