using System.Security.Cryptography;
using System.Text;

namespace PgDurable.Generators.Lock;

internal static class GraphHash
{
    /// <summary>The content hash of a graph; the same as <c>WorkflowDefinition.ContentHash</c>.</summary>
    public static string Of(string graphJson)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(graphJson)).Select(b => b.ToString("x2")));
    }
}
