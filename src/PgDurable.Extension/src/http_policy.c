/*
 * http_policy.c - which values the settings of HTTP steps may have: pg_durable.http_security and pg_durable.http_allowed_domains
 *
 * The worker applies them; this refuses what it could not read.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "pg_durable.h"

/* What requests of HTTP steps may do at all. The worker reads it by name. */
const struct config_enum_entry pgd_http_securities[] = {
	{"disabled", 0, false},
	{"restricted", 1, false},
	{"unrestricted", 2, false},
	{NULL, 0, false}
};

/* What is wrong with an entry of the list, or NULL. International names are written with xn--. */
static const char *
domain_problem(const char *entry)
{
	const char *name = strncmp(entry, "*.", 2) == 0 ? entry + 2 : entry;
	size_t		length = strlen(name);
	const char *label = name;
	bool		is_number = true;

	if (strchr(entry, '%') != NULL)
		return "percent-encoded hostnames are not permitted";
	if (length == 0 || length > 253)
		return "expected a hostname or *.hostname";
	if (name[0] == '[' || (strchr(name, ':') != strrchr(name, ':') && strspn(name, "0123456789abcdefABCDEF:.") == length))
		return "IP addresses are not permitted";
	if (name[length - 1] == '.')
		return "expected a DNS hostname without a trailing dot";
	for (const char *c = name;; c++)
	{
		if (*c == '.' || *c == '\0')
		{
			if (c == label || c - label > 63 || label[0] == '-' || c[-1] == '-')
				return "expected a hostname or *.hostname";
			/* Resolvers take a name whose last label is a number for an address. */
			is_number = strspn(label, "0123456789") == c - label || pg_strncasecmp(label, "0x", 2) == 0;
			label = c + 1;
			if (*c == '\0')
				break;
		}
		else if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-' || *c == '_'))
			return "expected a hostname or *.hostname";
	}
	return is_number ? "IP addresses are not permitted" : NULL;
}

/* What is wrong with the list, or NULL. */
static char *
domains_problem(const char *list)
{
	char	   *rest = pstrdup(list);

	if (strspn(rest, " \t\r\n") == strlen(rest))
		return NULL;
	for (int n = 1; rest != NULL; n++)
	{
		char	   *entry = rest + strspn(rest, " \t\r\n");
		char	   *end = entry + strcspn(entry, ",");
		const char *problem;

		rest = *end == ',' ? end + 1 : NULL;
		while (end > entry && strchr(" \t\r\n", end[-1]) != NULL)
			end--;
		*end = '\0';
		problem = domain_problem(entry);
		if (problem != NULL)
			return psprintf("entry %d (\"%s\"): %s", n, entry, problem);
	}
	return NULL;
}

/* Check hook of pg_durable.http_allowed_domains. */
bool
pgd_check_domains(char **newval, void **extra, GucSource source)
{
	char	   *problem = domains_problem(*newval);

	if (problem == NULL)
		return true;
	GUC_check_errdetail("%s", problem);
	return false;
}

/*
 * If a configuration file gives a module's setting an invalid value, PostgreSQL takes the default, with a warning. For these settings that
 * could open what was to be closed, so the server does not start.
 */
void
pgd_require_valid_policy(void)
{
	const char *security = GetConfigOption("pg_durable.http_security", true, false);
	const char *domains = GetConfigOption("pg_durable.http_allowed_domains", true, false);
	const struct config_enum_entry *entry = pgd_http_securities;
	char	   *problem = domains == NULL ? NULL : domains_problem(domains);

	while (security != NULL && entry->name != NULL && pg_strcasecmp(security, entry->name) != 0)
		entry++;
	if (entry->name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for parameter \"%s\": \"%s\"", "pg_durable.http_security", security),
				 errhint("Available values: disabled, restricted, unrestricted.")));
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for parameter \"%s\": \"%s\"", "pg_durable.http_allowed_domains", domains),
				 errdetail("%s", problem)));
}
