/*
 * insert.c - writes a row of schema df without a planned statement, which would be half of what it costs
 *
 * Triggers and constraints that an administrator has added to the table work here too. Nobody's rights are checked.
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

#include "insert.h"

/* Writes the row. The columns are the table's first; all others are NULL. */
void
pgd_insert_row(Oid schema, const char *name, const char *const *columns, int n, const Datum *values, const bool *nulls)
{
	Relation	table = table_open(get_relname_relid(name, schema), RowExclusiveLock);
	TupleDesc	description = RelationGetDescr(table);
	EState	   *estate = CreateExecutorState();
	MemoryContext caller = MemoryContextSwitchTo(estate->es_query_cxt);
	ResultRelInfo *target = makeNode(ResultRelInfo);
	TupleTableSlot *slot = table_slot_create(table, &estate->es_tupleTable);

	memset(slot->tts_isnull, true, description->natts * sizeof(bool));
	for (int i = 0; i < n; i++)
	{
		if (i >= description->natts || strcmp(NameStr(TupleDescAttr(description, i)->attname), columns[i]) != 0)
			elog(ERROR, "table df.%s does not match this version of pg_durable", name);
		slot->tts_values[i] = values[i];
		slot->tts_isnull[i] = nulls[i];
	}
	ExecStoreVirtualTuple(slot);

	estate->es_snapshot = GetActiveSnapshot();
	InitResultRelInfo(target, table, 0, NULL, 0);
	ExecOpenIndices(target, false);
	AfterTriggerBeginQuery();
	ExecSimpleRelationInsert(target, estate, slot);
	AfterTriggerEndQuery(estate);
	ExecCloseIndices(target);
	ExecResetTupleTable(estate->es_tupleTable, false);
	MemoryContextSwitchTo(caller);
	FreeExecutorState(estate);
	table_close(table, NoLock);
}
