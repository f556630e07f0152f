using System.Globalization;

namespace PgDurable.Worker.Store.Connections;

/// <summary>
/// The settings that the worker's connections are opened with. They override those of the database and the role, so that these can't affect
/// what the worker sends.
/// </summary>
internal static class SessionSettings
{
    /// <summary>The C module's setting by which a session gives up its user's rights.</summary>
    public const string Session = "pg_durable.session";

    private const string Unsteerable =
        "-c search_path=pg_catalog,pg_temp -c client_min_messages=warning -c statement_timeout=0 -c lock_timeout=0 "
        + @"-c default_transaction_isolation=read\ committed -c default_transaction_read_only=off -c default_transaction_deferrable=off";

    private const string Lasting =
        "-c idle_session_timeout=0 -c exit_on_error=off -c standard_conforming_strings=on -c TimeZone=UTC -c DateStyle=ISO,MDY "
        + "-c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1";

    private const string Planning =
        "-c jit=off -c plan_cache_mode=auto -c enable_bitmapscan=on -c enable_hashagg=on -c enable_hashjoin=on "
        + "-c enable_incremental_sort=on -c enable_indexonlyscan=on -c enable_indexscan=on -c enable_material=on "
        + "-c enable_memoize=on -c enable_mergejoin=on -c enable_nestloop=on -c enable_seqscan=on -c enable_sort=on "
        + "-c enable_tidscan=on -c seq_page_cost=1 -c random_page_cost=4 "
        + "-c cpu_tuple_cost=0.01 -c cpu_index_tuple_cost=0.005 -c cpu_operator_cost=0.0025 -c max_parallel_workers_per_gather=0 "
        + "-c from_collapse_limit=8 -c join_collapse_limit=8 -c cursor_tuple_fraction=0.1 -c constraint_exclusion=partition "
        + "-c debug_print_parse=off -c debug_print_rewritten=off -c debug_print_plan=off -c transform_null_equals=off -c row_security=on "
        + "-c default_tablespace= -c idle_in_transaction_session_timeout=0";

    // PostgreSQL's own default, which steps have anyway: jit=off would have to be reset at each step.
    private const string NoJit = "-c jit_above_cost=100000";

    // The server notices within half a second that the worker has died, even in the middle of a statement.
    private const string OfSteps = "-c client_connection_check_interval=500 -c df.in_workflow=true";

    /// <summary>For a connection on which the worker calls its own functions.</summary>
    public static string Control(bool restricted) => $"{Unsteerable} {Lasting} {Planning}{(restricted ? $" -c {Session}=control" : "")}";

    /// <summary>For a connection that runs steps.</summary>
    /// <param name="secret">
    /// The secret of a restricted session, in which the C module gives each step its role's settings; <c>null</c> without the C module,
    /// where the session has the role's settings anyway.
    /// </param>
    public static string Steps(byte[]? secret) =>
        secret is null ? $"{Lasting} {OfSteps}"
            : $"{Unsteerable} {NoJit} {Lasting} {OfSteps} -c {Session}=steps:{Convert.ToHexStringLower(secret)}";

    /// <summary>For a connection that runs one statement of a role as if the role had logged in.</summary>
    /// <param name="role">The role; <c>null</c> without the C module, where the worker's own role is the only one.</param>
    /// <param name="inBlock">Whether it runs the worker's statements in a transaction block.</param>
    public static string OfRole(uint? role, bool inBlock) =>
        role is null
            ? $"{Lasting} {OfSteps}"
            : string.Create(CultureInfo.InvariantCulture, $"{Lasting} {OfSteps} -c {Session}={(inBlock ? "block" : "role")}:{role}");
}
