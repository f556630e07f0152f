/*
 * rows.h - writes and deletes rows of schema df without planned statements
 */
#ifndef PG_DURABLE_ROWS_H
#define PG_DURABLE_ROWS_H

#include "executor/tuptable.h"
#include "storage/itemptr.h"
#include "utils/relcache.h"

typedef bool (*PgdIsOurs) (TupleTableSlot *row, const void *context);

extern void pgd_insert_row(Oid schema, const char *name, const char *const *columns, int n, const Datum *values, const bool *nulls);
extern bool pgd_take_row(Oid schema, const char *name, ItemPointer row, PgdIsOurs is_ours, const void *context);

#endif							/* PG_DURABLE_ROWS_H */
