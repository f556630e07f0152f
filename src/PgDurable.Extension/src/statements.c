/*
 * statements.c - statements of ours, planned once in a session
 *
 * PostgreSQL plans one again by itself if the role, row_security, the search_path or anything that the statement uses has changed since,
 * which includes that the extension was dropped and created again. It checks the caller's rights each time that the statement runs.
 */
#include "postgres.h"

#include "executor/spi_priv.h"
#include "utils/plancache.h"

#include "pg_durable.h"
#include "statements.h"

/* Whether the statement can run without being planned again. */
static bool
is_planned(const PgdStatement *statement)
{
	const CachedPlanSource *source;

	if (statement->plan == NULL)
		return false;
	source = linitial(statement->plan->plancache_list);
	return source->is_valid && source->gplan != NULL && source->gplan->is_valid;
}

/* Plans the statement under our settings; the plan is kept as long as nothing changes. */
static void
make_plan(PgdStatement *statement)
{
	int			level = pgd_begin_own_planning();
	CachedPlan *plan;

	if (statement->plan == NULL)
	{
		SPIPlanPtr	prepared = SPI_prepare_cursor(statement->text, statement->nargs, statement->types, CURSOR_OPT_GENERIC_PLAN);

		if (prepared == NULL || SPI_keepplan(prepared) != 0)
			elog(ERROR, "could not prepare \"%s\": %s", statement->text, SPI_result_code_string(SPI_result));
		statement->plan = prepared;
	}
	plan = SPI_plan_get_cached_plan(statement->plan);
	if (plan != NULL)
		ReleaseCachedPlan(plan, CurrentResourceOwner);
	pgd_end_own_planning(level);
}

/* Runs a statement and returns how many rows it found or changed. */
uint64
pgd_run(PgdStatement *statement, Datum *values, const char *nulls)
{
	int			code;

	if (!is_planned(statement))
		make_plan(statement);
	code = SPI_execute_plan(statement->plan, values, nulls, false, 0);
	if (code < 0)
		elog(ERROR, "could not run \"%s\": %s", statement->text, SPI_result_code_string(code));
	return SPI_processed;
}
