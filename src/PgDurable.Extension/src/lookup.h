/*
 * lookup.h - finds rows of schema df by an index, without a planned statement
 */
#ifndef PG_DURABLE_LOOKUP_H
#define PG_DURABLE_LOOKUP_H

#include "access/genam.h"
#include "access/htup.h"
#include "access/skey.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

/* A lookup of rows by an index. */
typedef struct PgdLookup
{
	Relation	relation;
	Relation	index;
	SysScanDesc scan;
	HeapTuple	tuple;			/* invalid: there is no such row, or none any more */
} PgdLookup;

extern void pgd_begin_lookup(PgdLookup *lookup, Oid schema, const char *table, const char *index, ScanKey keys, int n,
							 ScanDirection direction, Snapshot snapshot);
extern void pgd_begin_instance_lookup(PgdLookup *lookup, Oid schema, const char *table, const char *index, int64 instance_no,
									  Snapshot snapshot);
extern bool pgd_next(PgdLookup *lookup);
extern Datum pgd_value(Relation relation, HeapTuple row, const char *name, bool *is_null);
extern Datum pgd_column(const PgdLookup *lookup, const char *name, bool *is_null);
extern void pgd_read_row(const PgdLookup *lookup, Datum **values, bool **nulls);
extern bool pgd_end_lookup(PgdLookup *lookup);
extern bool pgd_has_row(Oid schema, const char *table, const char *index, int64 instance_no);

#endif							/* PG_DURABLE_LOOKUP_H */
