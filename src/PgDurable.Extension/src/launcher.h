/*
 * launcher.h - what the parts of the launcher share: launcher.c decides when, workers.c what happens to each worker, child_process.c makes
 * the processes
 */
#ifndef PG_DURABLE_LAUNCHER_H
#define PG_DURABLE_LAUNCHER_H

#include "utils/timestamp.h"

/* Exit status of a child that ended before it became the worker, as in a shell. */
#define EXIT_NOT_STARTED 127

/* The worker of a database. */
typedef struct Worker
{
	char	   *database;
	int			connections;	/* its share of pg_durable.max_user_connections */
	pid_t		child;			/* 0: none */
	TimestampTz child_started;
	TimestampTz start_at;
	int			pause_ms;
	bool		waits_for_reload;
} Worker;

/* workers.c */
extern Worker *pgd_workers;
extern int	pgd_n_workers;
extern void pgd_plan_workers(void);
extern const char *pgd_of_database(const Worker *worker);
extern void pgd_start_child(Worker *worker);
extern void pgd_reap_child(Worker *worker, bool stopping);
extern int	pgd_count_children(void);
extern void pgd_signal_children(int signal_number);
extern void pgd_reload_workers(void);

/* child_process.c */
extern char *pgd_executable_path(void);
extern pid_t pgd_fork_child(const Worker *worker, const char *path);

#endif							/* PG_DURABLE_LAUNCHER_H */
