using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// Names a request for the server that receives it: the same however often it is sent, by whichever worker, and in whichever attempt of a
/// <c>df.retry</c> around it; another one in every loop iteration and for every item.
/// </summary>
internal static class IdempotencyKey
{
    /// <remarks>Only of what was on disk before the instance was first looked at: a crash takes back what was not, and the key would be another one.</remarks>
    /// <param name="instanceId">As users know it.</param>
    /// <param name="createdAt">
    /// When the instance was started. Ids are random and short: those of two databases that call the same server, or of an instance that was pruned and a new one,
    /// meet sooner or later; together with a time in microseconds they don't.
    /// </param>
    /// <param name="execution">Of the step.</param>
    /// <param name="isRetry">Whether a node is a <c>df.retry</c>.</param>
    /// <returns>Of the form of a UUID, which every server takes.</returns>
    public static string Create(string instanceId, DateTimeOffset createdAt, ExecutionKey execution, Func<int, bool> isRetry)
    {
        var path = string.Join('/', execution.Path.Split('/').Where(segment => !IsAttempt(segment, isRetry)));
        var name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}|{createdAt.UtcTicks}|{execution.Node}|{path}");
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16), bigEndian: true).ToString();
    }

    private static bool IsAttempt(string segment, Func<int, bool> isRetry) =>
        segment.IndexOf(':') is > 0 and var colon && isRetry(int.Parse(segment.AsSpan(0, colon), CultureInfo.InvariantCulture));
}
