using System.Globalization;

namespace PgDurable.Worker.Engine;

/// <summary>One execution of a node. Together with the instance, it is the key of a checkpoint.</summary>
/// <param name="Node">The node's number.</param>
/// <param name="Path">The loop iterations and branch items above this execution; empty outside of them.</param>
internal readonly record struct ExecutionKey(int Node, string Path)
{
    /// <summary>Whether the path is <paramref name="outer"/> or below it.</summary>
    public bool IsWithin(string outer) =>
        outer.Length == 0 || Path == outer || (Path.StartsWith(outer, StringComparison.Ordinal) && Path[outer.Length] == '/');

    /// <summary>The path without the attempts of retries: the same in each attempt.</summary>
    /// <param name="isRetry">Whether a node is a retry.</param>
    public string PathWithoutAttempts(Func<int, bool> isRetry) =>
        string.Join('/', Path.Split('/').Where(segment => !IsAttempt(segment, isRetry)));

    private static bool IsAttempt(string segment, Func<int, bool> isRetry) =>
        segment.IndexOf(':') is > 0 and var colon && isRetry(int.Parse(segment.AsSpan(0, colon), CultureInfo.InvariantCulture));
}
