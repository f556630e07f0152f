/*
 * identity.c - who a session of the worker is, and that it stays that way
 *
 * The session's role is also the default of session_authorization, so that RESET and DISCARD lead to it; the check hooks of
 * session_authorization and role refuse every other way, in every state of the session; and if there is one all the same, the assign hook
 * ends the session. That is one wall. The other one is the sandbox, in which PostgreSQL itself refuses to change the user.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/syscache.h"

#include "pg_durable.h"

static Oid	home_role = InvalidOid;
static bool is_switching = false;

static GucStringCheckHook next_check_session_authorization;
static GucStringAssignHook next_assign_session_authorization;
static GucStringCheckHook next_check_role;

/* The session's role between steps. */
Oid
pgd_home_role(void)
{
	return home_role;
}

/* Name of the role, if steps may run as it. */
char *
pgd_admitted_role_name(Oid role)
{
	HeapTuple	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(role));
	char	   *name;
	bool		is_super;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_DF_ROLE_GONE),
				 errmsg("the role that started this workflow no longer exists (OID %u)", role),
				 errhint("Start the workflow again as another role.")));
	name = pstrdup(NameStr(((Form_pg_authid) GETSTRUCT(tuple))->rolname));
	is_super = ((Form_pg_authid) GETSTRUCT(tuple))->rolsuper;
	ReleaseSysCache(tuple);

	if (is_super && !pgd_enable_superuser_instances)
		ereport(ERROR,
				(errcode(ERRCODE_DF_SUPERUSER),
				 errmsg("role \"%s\" is a superuser, but pg_durable.enable_superuser_instances is off", name),
				 errhint("Start the workflow as a role that has only the rights it needs, or turn the setting on and restart the "
						 "server.")));
	return name;
}

/* Makes the session this role from now on. */
void
pgd_settle_as(Oid role)
{
	home_role = role;
	/* As the default, to which RESET leads, and not as a value that could be reset. */
	is_switching = true;
	SetConfigOption("session_authorization", GetUserNameFromId(home_role, false), PGC_SUSET, PGC_S_OVERRIDE);
	is_switching = false;
	if (GetSessionUserId() != home_role || GetUserId() != home_role)
		ereport(FATAL, (errmsg("the session could not give up the rights of its user")));
}

/* Makes the role with that name the session's user until the transaction ends. Only df._enter does this, and PostgreSQL sets it back. */
void
pgd_switch_user(const char *name)
{
	is_switching = true;
	PG_TRY();
	{
		(void) set_config_option("session_authorization", name, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, ERROR, false);
	}
	PG_FINALLY();
	{
		is_switching = false;
	}
	PG_END_TRY();
}

/* Raises the error for an attempt to become somebody else. */
static bool
refuse_identity(const char *name)
{
	GUC_check_errcode(ERRCODE_INSUFFICIENT_PRIVILEGE);
	GUC_check_errmsg("parameter \"%s\" cannot be changed in a session of pg_durable's worker", name);
	GUC_check_errhint("A step runs as the role that started the workflow, from beginning to end.");
	return false;
}

/* Whether this value is only checked, for ALTER ROLE ... SET, or is the session's own. */
static bool
is_harmless(GucSource source)
{
	return !OidIsValid(home_role) || is_switching || source == PGC_S_TEST;
}

static bool
check_session_authorization(char **newval, void **extra, GucSource source)
{
	if (next_check_session_authorization && !next_check_session_authorization(newval, extra, source))
		return false;
	return is_harmless(source) || refuse_identity("session_authorization");
}

/*
 * What a role's own defaults say counts, as at a login: for a step, df._enter applies them before it closes the sandbox, in which
 * PostgreSQL refuses all others.
 */
static bool
check_role_setting(char **newval, void **extra, GucSource source)
{
	if (next_check_role && !next_check_role(newval, extra, source))
		return false;
	return is_harmless(source) || strcmp(*newval, "none") == 0 || (pgd_session_kind() == PGD_OF_ROLE && source < PGC_S_CLIENT) ||
		(pgd_in_step() && !InLocalUserIdChange()) || refuse_identity("role");
}

/* The last wall: no session of the worker ever has anybody else as its user. */
static void
assign_session_authorization(const char *newval, void *extra)
{
	if (next_assign_session_authorization)
		next_assign_session_authorization(newval, extra);
	if (OidIsValid(home_role) && GetSessionUserId() != home_role && GetSessionUserId() != pgd_entered_role())
		ereport(FATAL,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("a session of pg_durable's worker became a role that it must never have")));
}

/* Called when the module is loaded, in the postmaster: every session inherits the hooks. */
void
pgd_install_identity(void)
{
	struct config_string *authorization = (struct config_string *) pgd_find_setting("session_authorization");
	struct config_string *role = (struct config_string *) pgd_find_setting("role");

	next_check_session_authorization = authorization->check_hook;
	authorization->check_hook = check_session_authorization;
	next_assign_session_authorization = authorization->assign_hook;
	authorization->assign_hook = assign_session_authorization;
	next_check_role = role->check_hook;
	role->check_hook = check_role_setting;
}
