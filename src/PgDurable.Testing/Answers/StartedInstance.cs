using System.Security.Cryptography;
using System.Text;

namespace PgDurable.Testing.Answers;

/// <summary>An instance that a step starts, and that doesn't run in the test.</summary>
internal static class StartedInstance
{
    /// <summary>Returns its id, which is the same one if the step runs again after a crash; null for all other steps.</summary>
    public static string? IdOf(TestStep step) => step.Sql.StartsWith("SELECT df.start_workflow(", StringComparison.Ordinal)
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{step.Workflow} {step.Node} {step.Path}")))[..8]
        : null;
}
