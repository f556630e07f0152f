using System.Security.Cryptography;
using System.Text;

namespace PgDurable.Cli.Workflows;

/// <summary>What a deployment would do to a workflow version.</summary>
internal enum Change
{
    /// <summary>It is already registered with the same graph.</summary>
    Unchanged,

    /// <summary>No workflow with this name is registered yet.</summary>
    New,

    /// <summary>It becomes the version that new starts use.</summary>
    NewVersion,

    /// <summary>A higher version is registered. New starts keep using that one.</summary>
    OlderVersion,

    /// <summary>The same version is registered with a different graph, so the deployment would be refused.</summary>
    Refused,

    /// <summary>It is registered, but isn't in the build. It stays registered.</summary>
    OnlyInDatabase,
}

/// <summary>What a deployment means for a running instance.</summary>
internal enum Effect
{
    /// <summary>The build has the version that the instance runs.</summary>
    Unaffected,

    /// <summary>It continues with its version, while new starts use another one.</summary>
    StaysOnItsVersion,

    /// <summary>It must end or be cancelled before the deployment.</summary>
    MustDrain,
}

/// <summary>A workflow version and what happens to it.</summary>
internal sealed record VersionChange(string Name, int Version, Change Change, string Explanation);

/// <summary>A running instance and what happens to it.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="Version">The version that it runs.</param>
/// <param name="Effect">What happens to it.</param>
/// <param name="Explanation">Why, in words.</param>
/// <param name="Target">The version that it could be migrated to, or null if there is none.</param>
/// <param name="Obstacle">Why it can't be migrated to that version now, or null if it can.</param>
internal sealed record InstanceEffect(
    string InstanceId, string Workflow, int Version, Effect Effect, string Explanation, int? Target = null, string? Obstacle = null);

/// <summary>The differences between a build and a database.</summary>
/// <param name="Workflows">The versions in either of them.</param>
/// <param name="Instances">The running instances.</param>
internal sealed record WorkflowDiff(IReadOnlyList<VersionChange> Workflows, IReadOnlyList<InstanceEffect> Instances)
{
    /// <summary>Whether nothing blocks the deployment.</summary>
    public bool IsClear =>
        Workflows.All(each => each.Change != Change.Refused) && Instances.All(each => each.Effect != Effect.MustDrain);

    /// <summary>Compares a build with a database.</summary>
    /// <param name="build">The workflows in the build.</param>
    /// <param name="deployed">The versions in the database.</param>
    /// <param name="running">The running instances.</param>
    /// <param name="isWholeBuild">Whether the application no longer has workflows that the build lacks.</param>
    public static WorkflowDiff Compare(
        IReadOnlyList<Registrant> build, IReadOnlyList<DeployedVersion> deployed, IReadOnlyList<RunningInstance> running, bool isWholeBuild)
    {
        var versions = deployed.ToDictionary(each => (each.Name, each.Version));
        var newest = deployed.GroupBy(each => each.Name).ToDictionary(each => each.Key, each => each.Max(version => version.Version));
        var changes = build.Select(each => ChangeOf(each, versions, newest)).ToList();
        var built = build.Select(each => each.Name).ToHashSet();
        changes.AddRange(deployed
            .Where(each => (isWholeBuild || built.Contains(each.Name))
                && !build.Any(other => other.Name == each.Name && other.Version == each.Version))
            .Select(each => new VersionChange(each.Name, each.Version, Change.OnlyInDatabase, "stays registered")));
        return new(
            [.. changes.OrderBy(each => each.Name, StringComparer.Ordinal).ThenBy(each => each.Version)],
            [.. running.Where(each => isWholeBuild || built.Contains(each.Workflow)).Select(each => EffectOn(each, build, changes))]);
    }

    private static VersionChange ChangeOf(
        Registrant each, Dictionary<(string, int), DeployedVersion> versions, Dictionary<string, int> newest)
    {
        var (change, explanation) = versions.TryGetValue((each.Name, each.Version), out var same)
            ? same.ContentHash == HashOf(each.Graph)
                ? (Change.Unchanged, "")
                : (Change.Refused, $"registered with a different graph; give the changed workflow version {newest[each.Name] + 1}")
            : !newest.TryGetValue(each.Name, out var latest)
                ? (Change.New, "")
                : latest < each.Version
                    ? (Change.NewVersion, $"new starts use it instead of version {latest}")
                    : (Change.OlderVersion, $"version {latest} is registered, and new starts keep using it");
        return new(each.Name, each.Version, change, explanation);
    }

    private static InstanceEffect EffectOn(RunningInstance instance, IReadOnlyList<Registrant> build, List<VersionChange> changes)
    {
        var (effect, explanation) = changes.Find(each => each.Name == instance.Workflow && each.Version == instance.Version) switch
        {
            { Change: Change.Refused } =>
                (Effect.MustDrain, "its version would get a different graph; it is better to give the changed workflow a new version"),
            { Change: Change.OnlyInDatabase } or null => VersionsOf(instance.Workflow) switch
            {
                [] => (Effect.MustDrain, "the build no longer has this workflow, so nothing signals the instance or reads its result"),
                var others => (Effect.StaysOnItsVersion, $"new starts use version {others.Max()}"),
            },
            _ => (Effect.Unaffected, ""),
        };
        int? target = effect == Effect.StaysOnItsVersion ? VersionsOf(instance.Workflow).Max() : null;
        return new(instance.InstanceId, instance.Workflow, instance.Version, effect, explanation, target);

        List<int> VersionsOf(string name) => [.. build.Where(each => each.Name == name).Select(each => each.Version)];
    }

    private static string HashOf(string graph) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(graph)));
}
