/*
 * statements.h - statements of ours, planned once in a session
 */
#ifndef PG_DURABLE_STATEMENTS_H
#define PG_DURABLE_STATEMENTS_H

#include "executor/spi.h"

/* A statement, planned when it is first used and kept as long as the session. */
typedef struct PgdStatement
{
	const char *text;
	int			nargs;
	Oid			types[8];
	SPIPlanPtr	plan;
} PgdStatement;

extern uint64 pgd_run(PgdStatement *statement, Datum *values, const char *nulls);

#endif							/* PG_DURABLE_STATEMENTS_H */
