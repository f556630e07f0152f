using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// Identifies a request to the server that receives it. The key is the same however often the request is sent, by any worker, and in any
/// attempt of a <c>df.retry</c> around it. It differs for each loop iteration and each item.
/// </summary>
internal static class IdempotencyKey
{
    /// <remarks>
    /// It is made only of what was on disk before any worker saw the instance. A crash takes back anything else, and the key would change.
    /// </remarks>
    /// <param name="instanceId">The instance's id, as users know it.</param>
    /// <param name="createdAt">
    /// When the instance was started. Ids are random and short, so the same id comes up again sooner or later: in another database that
    /// calls the same server, or after the first instance was pruned. Together with a time in microseconds it doesn't.
    /// </param>
    /// <param name="execution">The execution of the step.</param>
    /// <param name="isRetry">Whether a node is a <c>df.retry</c>.</param>
    /// <returns>A key in the form of a UUID, which every server accepts.</returns>
    public static string Create(string instanceId, DateTimeOffset createdAt, ExecutionKey execution, Func<int, bool> isRetry)
    {
        var path = execution.PathWithoutAttempts(isRetry);
        var name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}|{createdAt.UtcTicks}|{execution.Node}|{path}");
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16), bigEndian: true).ToString();
    }
}
