using Npgsql;

namespace PgDurable;

/// <summary>Runs an activity from JSON to JSON.</summary>
/// <param name="services">The services of this run's scope; the activity is one of them.</param>
/// <param name="inputJson">The input.</param>
/// <param name="transaction">The transaction of a transactional activity; otherwise null.</param>
/// <param name="context">What the activity knows about its step.</param>
/// <param name="ct">Canceled when the result is no longer wanted.</param>
/// <returns>The result.</returns>
internal delegate Task<string> ActivityRun(
    IServiceProvider services, string inputJson, NpgsqlTransaction? transaction, ActivityContext context, CancellationToken ct);
