/*
 * databases.c - the databases that have a worker: the settings pg_durable.database and pg_durable.databases
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/varlena.h"

#include "pg_durable.h"

/* Check hook of pg_durable.databases. */
bool
pgd_check_databases(char **newval, void **extra, GucSource source)
{
	List	   *names;
	bool		is_list = SplitGUCList(pstrdup(*newval), ',', &names);

	if (!is_list)
		GUC_check_errdetail("List syntax is invalid.");
	return is_list;
}

/* The databases that have a worker; that of pg_durable.database comes first. */
List *
pgd_databases(void)
{
	List	   *result = list_make1(pgd_database);
	List	   *names;
	ListCell   *cell;

	(void) SplitGUCList(pstrdup(pgd_further_databases), ',', &names);
	foreach(cell, names)
	{
		ListCell   *known;
		bool		is_known = false;

		foreach(known, result)
			is_known |= strcmp(lfirst(known), lfirst(cell)) == 0;
		if (!is_known)
			result = lappend(result, lfirst(cell));
	}
	return result;
}

PG_FUNCTION_INFO_V1(pg_durable_databases);

/* df._databases(): the same for SQL. */
Datum
pg_durable_databases(PG_FUNCTION_ARGS)
{
	List	   *names = pgd_databases();
	Datum	   *elements = palloc(list_length(names) * sizeof(Datum));
	ListCell   *cell;
	int			n = 0;

	foreach(cell, names)
		elements[n++] = CStringGetTextDatum(lfirst(cell));
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, n, TEXTOID, -1, false, TYPALIGN_INT));
}
