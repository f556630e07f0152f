/*
 * pg_durable.h - what the parts of the module share
 */
#ifndef PG_DURABLE_H
#define PG_DURABLE_H

#include "nodes/pg_list.h"
#include "utils/guc.h"
#include "utils/snapshot.h"

/* The role that the worker's sessions have instead of a superuser's rights. The install script creates it. */
#define PGD_WORKER_ROLE "pgdurable_worker"

#define ERRCODE_DF_ROLE_GONE MAKE_SQLSTATE('D', 'F', '0', '1', '0')
#define ERRCODE_DF_SUPERUSER MAKE_SQLSTATE('D', 'F', '0', '1', '1')
#define ERRCODE_DF_SESSION_USED_UP MAKE_SQLSTATE('D', 'F', '0', '3', '0')

/* What a session of the worker is for, which is all that it can do; see session.c. */
typedef enum PgdSessionKind
{
	PGD_NOT_OURS,
	PGD_CONTROL,
	PGD_STEPS,
	PGD_OF_ROLE
} PgdSessionKind;

/* GUCs, defined in pg_durable.c */
extern char *pgd_session;
extern char *pgd_worker_role;
extern char *pgd_database;
extern char *pgd_further_databases;
extern char *pgd_host;
extern bool pgd_log_workflow_sql;
extern char *pgd_worker_executable;
extern int	pgd_max_user_connections;
extern int	pgd_max_result_bytes;
extern bool pgd_enable_superuser_instances;
extern bool pgd_worker;
extern int	pgd_max_new_transaction_starts;
extern int	pgd_new_transaction_start_timeout;
extern int	pgd_max_instances_per_role;
extern int	pgd_max_starts_per_second_per_role;

/* databases.c */
extern List *pgd_databases(void);
extern bool pgd_check_databases(char **newval, void **extra, GucSource source);

/* http_policy.c */
extern const struct config_enum_entry pgd_http_securities[];
extern bool pgd_check_domains(char **newval, void **extra, GucSource source);
extern void pgd_require_valid_policy(void);

/* launcher.c */
extern void pgd_register_launcher(void);

/* child_process.c */
extern char *pgd_server_host(void);

/* session.c */
extern PgdSessionKind pgd_session_kind(void);
extern bool pgd_check_session(char **newval, void **extra, GucSource source);
extern void pgd_assign_session(const char *newval, void *extra);
extern const char *pgd_show_session(void);
extern void pgd_require_ready_session(void);
extern void pgd_install_session(void);

/* identity.c */
extern Oid	pgd_home_role(void);
extern char *pgd_admitted_role_name(Oid role);
extern void pgd_settle_as(Oid role);
extern void pgd_switch_user(const char *name);
extern void pgd_install_identity(void);

/* tokens.c */
#define PGD_SECRET_LENGTH 32
extern void pgd_expect_tokens(const uint8 *told);
extern bool pgd_take_token(bytea *token);

/* sandbox.c */
extern bool pgd_in_step(void);
extern bool pgd_may_commit(void);
extern Oid	pgd_entered_role(void);
extern bool pgd_seal(bytea *token);
extern void pgd_install_sandbox(void);

/* settings.c */
extern struct config_generic *pgd_find_setting(const char *name);
extern void pgd_remember_login_settings(void);
extern void pgd_apply_step_settings(Oid role);
extern void pgd_reapply_step_settings(const char *name);
extern bool pgd_is_locked_setting(const char *name);
extern void pgd_lock_settings(void);
extern void pgd_unlock_settings(void);
extern int	pgd_begin_own_planning(void);
extern void pgd_end_own_planning(int level);

/* leftovers.c */
extern void pgd_note_changed_setting(const char *name);
extern void pgd_drop_temporary_objects(void);
extern void pgd_make_session_fit_for(Oid role);
extern void pgd_forget_step(void);

/* refusals.c */
extern void pgd_install_refusals(void);
extern void pgd_forget_functions(void);

/* notify.c */
extern void pgd_notify(const char *channel, const char *payload);

/* wake.c */
extern void pgd_install_wake(void);
extern void pgd_tell_workers(Oid schema, Snapshot snapshot, const char *what);

/* plans.c */
extern void pgd_install_plans(void);
extern void pgd_watch_plans(void);
extern void pgd_expire_plans(void);
extern void pgd_forget_plans(void);

#endif							/* PG_DURABLE_H */
