/*
 * settings.c - the settings that a step begins with, those that it can't change, and those under which our statements are planned
 *
 * The worker's connections are opened with settings of their own, so that nobody's defaults affect the worker. A step gets what a login of
 * its role would get: the server's configuration, then the defaults of database and role; and above all these, the settings that make
 * results look the same everywhere. All of it is on the step's own level of the stack of settings, and goes with it.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_db_role_setting.h"
#include "catalog/pg_type.h"
#include "commands/tablespace.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/varlena.h"

#include "pg_durable.h"

/*
 * What a step may not change, because the worker's own statements in the same transaction, or the worker's hold over the session, depend on
 * it. While a step runs, they carry the flag that session_authorization and role always carry.
 */
static const char *const locked_names[] = {
	"client_connection_check_interval",
	"client_encoding",
	"exit_on_error",
	"tcp_keepalives_count",
	"tcp_keepalives_idle",
	"tcp_keepalives_interval",
	"tcp_user_timeout",
	"transaction_deferrable",
	"transaction_isolation",
	"transaction_read_only",
};

#define LOCK_FLAGS (GUC_NOT_WHILE_SEC_REST | GUC_NO_RESET_ALL)

static struct config_generic *locked[lengthof(locked_names)];
static int	unlocked_flags[lengthof(locked_names)];
static bool is_locked = false;

/* What every step starts with, whatever the defaults of role and database. The worker opens its connections with the same values. */
static const struct
{
	const char *name;
	const char *value;
}			pinned[] =
{
	{"DateStyle", "ISO, MDY"},
	{"IntervalStyle", "postgres"},
	{"TimeZone", "UTC"},
	{"bytea_output", "hex"},
	{"extra_float_digits", "1"},
	/* Between its statement and its checkpoint the session is idle, for as long as the worker takes. */
	{"idle_in_transaction_session_timeout", "0"},
	{"standard_conforming_strings", "on"},
	{"df.in_workflow", "true"},
};

/* What the worker's start-up options set for its own statements, but a step has as at a login. */
static const char *const login_names[] = {
	"client_min_messages",
	"default_transaction_deferrable",
	"default_transaction_isolation",
	"default_transaction_read_only",
	"jit_above_cost",
	"lock_timeout",
	"search_path",
	"statement_timeout",
};

/* Their values in the server's configuration; NULL where the session has the same value. */
static char *login_values[lengthof(login_names)];
static bool has_login_values = false;

/* The settings under which our statements are planned, whatever the session's user prefers: they look up single rows by key. */
static const struct
{
	const char *name;
	const char *value;
}			own_planning[] =
{
	{"enable_bitmapscan", "off"},
	{"enable_indexonlyscan", "on"},
	{"enable_indexscan", "on"},
	{"enable_material", "on"},
	{"enable_nestloop", "on"},
	{"enable_seqscan", "off"},
	{"enable_sort", "on"},
	{"cpu_index_tuple_cost", "0.005"},
	{"cpu_operator_cost", "0.0025"},
	{"cpu_tuple_cost", "0.01"},
	{"cursor_tuple_fraction", "0.1"},
	{"from_collapse_limit", "8"},
	{"jit", "off"},
	{"join_collapse_limit", "8"},
	{"lock_timeout", "0"},
	{"max_parallel_workers_per_gather", "0"},
	{"plan_cache_mode", "auto"},
	{"random_page_cost", "4"},
	{"seq_page_cost", "1"},
};

/* The server's record of a setting that is sure to exist. */
struct config_generic *
pgd_find_setting(const char *name)
{
#if PG_VERSION_NUM >= 160000
	return find_option(name, false, false, ERROR);
#else
	struct config_generic **all = get_guc_variables();

	for (int i = 0; i < GetNumConfigOptions(); i++)
		if (pg_strcasecmp(all[i]->name, name) == 0)
			return all[i];
	elog(ERROR, "unrecognized configuration parameter \"%s\"", name);
	return NULL;
#endif
}

/* Sets it until the step ends. A value that is no longer valid causes a warning, as at a login. */
static void
set(const char *name, const char *value, int elevel)
{
	(void) set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SET, true, elevel, false);
}

/* ---------------------------------------------------------------- what can't be changed */

/* Makes the locked settings unchangeable for the user. */
void
pgd_lock_settings(void)
{
	for (int i = 0; i < lengthof(locked); i++)
	{
		if (locked[i] == NULL)
			locked[i] = pgd_find_setting(locked_names[i]);
		unlocked_flags[i] = locked[i]->flags;
		locked[i]->flags |= LOCK_FLAGS;
	}
	is_locked = true;
}

/* Undoes pgd_lock_settings. Must not fail: it runs during aborts. */
void
pgd_unlock_settings(void)
{
	if (!is_locked)
		return;
	for (int i = 0; i < lengthof(locked); i++)
		locked[i]->flags = unlocked_flags[i];
	is_locked = false;
}

/* Whether a default of role or database must be left out, because it would change the session's identity or is locked. */
bool
pgd_is_locked_setting(const char *name)
{
	if (pg_strcasecmp(name, "session_authorization") == 0)
		return true;
	for (int i = 0; i < lengthof(locked_names); i++)
		if (pg_strcasecmp(name, locked_names[i]) == 0)
			return true;
	return false;
}

/* ---------------------------------------------------------------- what a step begins with */

/* Keeps the values of the server's configuration, before the connection's own options cover them. */
void
pgd_remember_login_settings(void)
{
	for (int i = 0; i < lengthof(login_names); i++)
	{
		const char *value = GetConfigOption(login_names[i], false, false);

		login_values[i] = MemoryContextStrdup(TopMemoryContext, value);
	}
	has_login_values = true;
}

/* Applies the server's configuration: all of it, or one setting. */
static void
apply_login_settings(const char *only)
{
	static bool is_reduced = false;

	if (!has_login_values)
		return;
	if (!is_reduced)
	{
		/* Between steps the session has what it was opened with, so what is equal once is always equal. */
		for (int i = 0; i < lengthof(login_names); i++)
		{
			const char *current = GetConfigOptionResetString(login_names[i]);

			if (current != NULL && strcmp(login_values[i], current) == 0)
				login_values[i] = NULL;
		}
		is_reduced = true;
	}
	for (int i = 0; i < lengthof(login_names); i++)
		if (login_values[i] != NULL && (only == NULL || pg_strcasecmp(only, login_names[i]) == 0))
			set(login_names[i], login_values[i], ERROR);
}

/*
 * Whether the tablespaces that a default names exist. At a login, a missing one is skipped; where a setting is set later, as here,
 * PostgreSQL raises an error that no caller can turn into a warning.
 */
static bool
has_tablespaces(const char *name, const char *value)
{
	List	   *names;
	ListCell   *cell;

	if (pg_strcasecmp(name, "temp_tablespaces") != 0 && pg_strcasecmp(name, "default_tablespace") != 0)
		return true;
	if (!SplitIdentifierString(pstrdup(value), ',', &names))
		return false;
	foreach(cell, names)
		if (*(char *) lfirst(cell) != '\0' && !OidIsValid(get_tablespace_oid(lfirst(cell), true)))
			return false;
	return true;
}

/*
 * Applies what ALTER ROLE or ALTER DATABASE ... SET stored for one pair, as a login would: all of it, or one setting. Returns whether there
 * was anything.
 *
 * PostgreSQL's ApplySetting() can't be used: it would apply session_authorization too. A role may store any value for that one, because at
 * a login PostgreSQL checks it against the role that logged in; here that is the worker.
 */
static bool
apply_defaults_of(Relation catalog, Oid database, Oid role, const char *only)
{
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		found = false;

	ScanKeyInit(&keys[0], Anum_pg_db_role_setting_setdatabase, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(database));
	ScanKeyInit(&keys[1], Anum_pg_db_role_setting_setrole, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(role));
	scan = systable_beginscan(catalog, DbRoleSettingDatidRolidIndexId, true, NULL, 2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Datum		columns[Natts_pg_db_role_setting];
		bool		are_null[Natts_pg_db_role_setting];
		Datum	   *elements;
		bool	   *nulls;
		int			n;

		heap_deform_tuple(tuple, RelationGetDescr(catalog), columns, are_null);
		if (are_null[Anum_pg_db_role_setting_setconfig - 1])
			continue;
		deconstruct_array(DatumGetArrayTypeP(columns[Anum_pg_db_role_setting_setconfig - 1]), TEXTOID, -1, false, TYPALIGN_INT,
									  &elements, &nulls, &n);
		for (int i = 0; i < n; i++)
		{
			char	   *name;
			char	   *value;

			if (nulls[i])
				continue;
			name = TextDatumGetCString(elements[i]);
			value = strchr(name, '=');
			if (value == NULL)
				continue;
			*value++ = '\0';
			if (pgd_is_locked_setting(name) || (only != NULL && pg_strcasecmp(only, name) != 0) || !has_tablespaces(name, value))
				continue;
			set(name, value, WARNING);
			pgd_note_changed_setting(name);
			found = true;
		}
	}
	systable_endscan(scan);
	return found;
}

/* Defaults of databases and roles, the strongest last. Returns whether there were any. */
static bool
apply_defaults(Oid role, const char *only)
{
	Relation	catalog = table_open(DbRoleSettingRelationId, AccessShareLock);
	bool		found = false;

	/* Most clusters have none at all, and four lookups would be a third of what entering costs. */
	if (RelationGetNumberOfBlocks(catalog) > 0)
	{
		found |= apply_defaults_of(catalog, InvalidOid, InvalidOid, only);
		found |= apply_defaults_of(catalog, MyDatabaseId, InvalidOid, only);
		found |= apply_defaults_of(catalog, InvalidOid, role, only);
		found |= apply_defaults_of(catalog, MyDatabaseId, role, only);
	}
	table_close(catalog, AccessShareLock);
	return found;
}

/* Gives a step the settings that all steps share. */
static void
apply_pins(void)
{
	for (int i = 0; i < lengthof(pinned); i++)
	{
		const char *current = GetConfigOption(pinned[i].name, true, false);

		if (current == NULL || strcmp(current, pinned[i].value) != 0)
			set(pinned[i].name, pinned[i].value, ERROR);
	}
}

/* Gives a step the settings that it begins with. */
void
pgd_apply_step_settings(Oid role)
{
	static bool has_pins = false;

	apply_login_settings(NULL);
	/* The session was opened with the pinned values, so only a default can have covered them. */
	if (apply_defaults(role, NULL) || !has_pins)
		apply_pins();
	has_pins = true;
}

/*
 * After a RESET of one setting or of all (NULL), which went back to what the worker's connection has: applies what a login of the role has.
 */
void
pgd_reapply_step_settings(const char *name)
{
	apply_login_settings(name);
	(void) apply_defaults(pgd_entered_role(), name);
	apply_pins();
}

/* ---------------------------------------------------------------- statements of ours */

/*
 * Until pgd_end_own_planning, statements are planned under our settings: a plan that is kept would also serve steps of other roles, and the
 * table that is empty at one moment is full at the next. Errors undo this.
 */
int
pgd_begin_own_planning(void)
{
	int			level = NewGUCNestLevel();

	for (int i = 0; i < lengthof(own_planning); i++)
		(void) set_config_option(own_planning[i].name, own_planning[i].value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, ERROR, false);
	return level;
}

void
pgd_end_own_planning(int level)
{
	AtEOXact_GUC(true, level);
}
