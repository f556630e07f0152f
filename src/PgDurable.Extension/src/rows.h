/*
 * insert.h - writes a row of schema df without a planned statement
 */
#ifndef PG_DURABLE_INSERT_H
#define PG_DURABLE_INSERT_H

extern void pgd_insert_row(Oid schema, const char *name, const char *const *columns, int n, const Datum *values, const bool *nulls);

#endif							/* PG_DURABLE_INSERT_H */
