/*
 * lookup.c - finds rows of schema df by an index, without a planned statement: a plan would be made while a table is empty, and kept when
 * it is full
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "lookup.h"

/*
 * Finds the rows whose first columns of the index are the keys, and begins with the first of them, or with the last one if the direction is
 * backward. NULL as the snapshot means the statement's own. Must be ended, whatever it found.
 */
void
pgd_begin_lookup(PgdLookup *lookup, Oid schema, const char *table, const char *index, ScanKey keys, int n, ScanDirection direction,
				 Snapshot snapshot)
{
	lookup->relation = table_open(get_relname_relid(table, schema), AccessShareLock);
	lookup->index = index_open(get_relname_relid(index, schema), AccessShareLock);
	for (int i = 0; i < n; i++)
		keys[i].sk_attno = lookup->index->rd_index->indkey.values[i];
	lookup->scan = systable_beginscan_ordered(lookup->relation, lookup->index, snapshot ? snapshot : GetActiveSnapshot(), n, keys);
	lookup->tuple = systable_getnext_ordered(lookup->scan, direction);
}

/* The same for a table whose index begins with an instance's number. */
void
pgd_begin_instance_lookup(PgdLookup *lookup, Oid schema, const char *table, const char *index, int64 instance_no, Snapshot snapshot)
{
	ScanKeyData key;

	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(instance_no));
	pgd_begin_lookup(lookup, schema, table, index, &key, 1, ForwardScanDirection, snapshot);
}

/* Goes on to the next row, and returns whether there is one. */
bool
pgd_next(PgdLookup *lookup)
{
	lookup->tuple = systable_getnext_ordered(lookup->scan, ForwardScanDirection);
	return HeapTupleIsValid(lookup->tuple);
}

/*
 * Returns the value of a column of a row. heap_getattr is inline, and calls what only some minor versions of the server have; this is not,
 * and does the same.
 */
Datum
pgd_value(Relation relation, HeapTuple row, const char *name, bool *is_null)
{
	return SPI_getbinval(row, RelationGetDescr(relation), get_attnum(RelationGetRelid(relation), name), is_null);
}

/* Returns the value of a column of the row that was found. */
Datum
pgd_column(const PgdLookup *lookup, const char *name, bool *is_null)
{
	return pgd_value(lookup->relation, lookup->tuple, name, is_null);
}

/* Returns the values of the row. */
void
pgd_read_row(const PgdLookup *lookup, Datum **values, bool **nulls)
{
	TupleDesc	columns = RelationGetDescr(lookup->relation);

	*values = palloc(columns->natts * sizeof(Datum));
	*nulls = palloc(columns->natts * sizeof(bool));
	heap_deform_tuple(lookup->tuple, columns, *values, *nulls);
}

/* Returns whether there was a row where the lookup stopped. */
bool
pgd_end_lookup(PgdLookup *lookup)
{
	bool		found = HeapTupleIsValid(lookup->tuple);

	systable_endscan_ordered(lookup->scan);
	index_close(lookup->index, AccessShareLock);
	table_close(lookup->relation, AccessShareLock);
	return found;
}

/* Whether a table has a row of the instance. */
bool
pgd_has_row(Oid schema, const char *table, const char *index, int64 instance_no)
{
	PgdLookup	lookup;

	pgd_begin_instance_lookup(&lookup, schema, table, index, instance_no, NULL);
	return pgd_end_lookup(&lookup);
}
