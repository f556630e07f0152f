using System.Security.Cryptography;
using System.Text;

namespace PgDurable.Cli.Workflows;

/// <summary>What a deployment would do to one version of a workflow.</summary>
internal enum Change
{
    /// <summary>It is registered as it is.</summary>
    Unchanged,

    /// <summary>A workflow of this name is not registered yet.</summary>
    New,

    /// <summary>It becomes the version that is started.</summary>
    NewVersion,

    /// <summary>A higher version is registered, and stays the one that is started.</summary>
    OlderVersion,

    /// <summary>The same version is registered with another graph: the deployment is refused.</summary>
    Refused,

    /// <summary>It is registered, and not in the build. It stays.</summary>
    OnlyInDatabase,
}

/// <summary>What a deployment means for an instance.</summary>
internal enum Effect
{
    /// <summary>The build has the version that it runs.</summary>
    Unaffected,

    /// <summary>It goes on with its version; new starts take another one.</summary>
    StaysOnItsVersion,

    /// <summary>It has to end, or be cancelled, before the deployment.</summary>
    MustDrain,
}

/// <summary>A version, and what happens to it.</summary>
internal sealed record VersionChange(string Name, int Version, Change Change, string Explanation);

/// <summary>An instance, and what happens to it.</summary>
internal sealed record InstanceEffect(string InstanceId, string Workflow, int Version, Effect Effect, string Explanation);

/// <summary>A build beside a database.</summary>
/// <param name="Workflows">The versions of both.</param>
/// <param name="Instances">The running instances.</param>
internal sealed record WorkflowDiff(IReadOnlyList<VersionChange> Workflows, IReadOnlyList<InstanceEffect> Instances)
{
    /// <summary>Nothing stands in the way.</summary>
    public bool IsClear => Workflows.All(each => each.Change != Change.Refused) && Instances.All(each => each.Effect != Effect.MustDrain);

    /// <param name="build">The build's workflows.</param>
    /// <param name="deployed">Those of the database.</param>
    /// <param name="running">The running instances.</param>
    /// <param name="isWholeBuild">Whether what is not in the build is gone from the application.</param>
    public static WorkflowDiff Compare(
        IReadOnlyList<Registrant> build, IReadOnlyList<DeployedVersion> deployed, IReadOnlyList<RunningInstance> running, bool isWholeBuild)
    {
        var versions = deployed.ToDictionary(each => (each.Name, each.Version));
        var newest = deployed.GroupBy(each => each.Name).ToDictionary(each => each.Key, each => each.Max(version => version.Version));
        var changes = build.Select(each => ChangeOf(each, versions, newest)).ToList();
        var built = build.Select(each => each.Name).ToHashSet();
        changes.AddRange(deployed
            .Where(each => (isWholeBuild || built.Contains(each.Name)) && !build.Any(other => other.Name == each.Name && other.Version == each.Version))
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
                : (Change.Refused, $"registered with another graph; give the changed workflow version {newest[each.Name] + 1}")
            : !newest.TryGetValue(each.Name, out var latest)
                ? (Change.New, "")
                : latest < each.Version
                    ? (Change.NewVersion, $"new starts take it instead of version {latest}")
                    : (Change.OlderVersion, $"version {latest} is registered and stays the one that is started");
        return new(each.Name, each.Version, change, explanation);
    }

    private static InstanceEffect EffectOn(RunningInstance instance, IReadOnlyList<Registrant> build, List<VersionChange> changes)
    {
        var (effect, explanation) = changes.Find(each => each.Name == instance.Workflow && each.Version == instance.Version) switch
        {
            { Change: Change.Refused } => (Effect.MustDrain, "its version is to get another graph; better: give that a new version"),
            { Change: Change.OnlyInDatabase } or null => build.Where(each => each.Name == instance.Workflow).Select(each => each.Version).ToList() switch
            {
                [] => (Effect.MustDrain, "the build has no such workflow any more: nothing signals it or reads its result"),
                var others => (Effect.StaysOnItsVersion, $"new starts take version {others.Max()}"),
            },
            _ => (Effect.Unaffected, ""),
        };
        return new(instance.InstanceId, instance.Workflow, instance.Version, effect, explanation);
    }

    private static string HashOf(string graph) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(graph)));
}
