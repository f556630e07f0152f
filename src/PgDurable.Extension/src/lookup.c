/*
 * lookup.c - finds a row of schema df by an index, without a planned statement: a plan would be made while a table is empty, and kept when
 * it is full
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/skey.h"
#include "access/table.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "lookup.h"

/*
 * Finds an instance's row in a table whose index begins with the column. NULL as the snapshot means the statement's own. Must be ended,
 * whatever it found.
 */
void
pgd_begin_lookup(PgdLookup *lookup, Oid schema, const char *table, const char *column, const char *index, int64 instance_no,
				 Snapshot snapshot)
{
	Oid			id = get_relname_relid(table, schema);
	ScanKeyData key;

	lookup->relation = table_open(id, AccessShareLock);
	ScanKeyInit(&key, get_attnum(id, column), BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(instance_no));
	lookup->scan = systable_beginscan(lookup->relation, get_relname_relid(index, schema), true,
									  snapshot ? snapshot : GetActiveSnapshot(), 1, &key);
	lookup->tuple = systable_getnext(lookup->scan);
}

/* Returns the values of the row that was found. */
void
pgd_read_row(const PgdLookup *lookup, Datum **values, bool **nulls)
{
	TupleDesc	columns = RelationGetDescr(lookup->relation);

	*values = palloc(columns->natts * sizeof(Datum));
	*nulls = palloc(columns->natts * sizeof(bool));
	heap_deform_tuple(lookup->tuple, columns, *values, *nulls);
}

/* Returns whether a row was found. */
bool
pgd_end_lookup(PgdLookup *lookup)
{
	bool		found = HeapTupleIsValid(lookup->tuple);

	systable_endscan(lookup->scan);
	table_close(lookup->relation, AccessShareLock);
	return found;
}

/* Whether a table has a row of the instance. */
bool
pgd_has_row(Oid schema, const char *table, const char *column, const char *index, int64 instance_no)
{
	PgdLookup		lookup;

	pgd_begin_lookup(&lookup, schema, table, column, index, instance_no, NULL);
	return pgd_end_lookup(&lookup);
}
