/*
 * pg_durable.h - what the parts of the module share
 */
#ifndef PG_DURABLE_H
#define PG_DURABLE_H

/* GUCs, defined in pg_durable.c */
extern char *pgd_worker_role;
extern char *pgd_database;
extern char *pgd_worker_executable;
extern int	pgd_max_user_connections;
extern int	pgd_max_result_bytes;
extern bool pgd_enable_superuser_instances;
extern bool pgd_worker;
extern int	pgd_max_new_transaction_starts;
extern int	pgd_new_transaction_start_timeout;

extern void pgd_register_launcher(void);
extern char *pgd_server_host(void);
extern void pgd_install_sandbox(void);
extern void pgd_install_plans(void);
extern void pgd_watch_plans(void);
extern void pgd_expire_plans(void);
extern void pgd_forget_plans(void);
extern bool pgd_seal(bytea *candidate);

#endif							/* PG_DURABLE_H */
