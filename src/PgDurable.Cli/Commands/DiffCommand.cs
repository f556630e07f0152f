using System.CommandLine;
using System.Globalization;
using PgDurable.Cli.Workflows;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable diff</c></summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var assembly = CommonOptions.Assembly();
        var workflows = CommonOptions.Workflow();
        var role = CommonOptions.Role();
        var command = new Command(
            "diff",
            "Shows what registering an assembly's workflows would change, and what that means for each running instance. Returns 1 if "
                + "something blocks it: a changed graph under the same version, or instances that must drain first.")
        {
            assembly, workflows, role,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var names = parsed.GetValue(workflows);
            var build = WorkflowAssembly.Read(parsed.GetRequiredValue(assembly), names);
            await using var connection = await session.ConnectAsync(parsed.GetValue(role), ct);
            var diff = WorkflowDiff.Compare(
                build, await DeployedWorkflows.VersionsAsync(connection, ct), await DeployedWorkflows.InstancesAsync(connection, ct),
                isWholeBuild: names is not { Length: > 0 });
            diff = await DeployedWorkflows.WithObstaclesAsync(connection, diff, build, ct);
            Show(session.Output, diff);
            return diff.IsClear ? ExitCode.Ok : ExitCode.Findings;
        });
        return command;
    }

    private static void Show(Output output, WorkflowDiff diff)
    {
        if (output.IsJson)
        {
            output.WriteJson(diff);
            return;
        }

        output.WriteTable(["workflow", "version", "deploy", ""], diff.Workflows.Select(each => new[]
        {
            each.Name, each.Version.ToString(CultureInfo.InvariantCulture), Words(each.Change.ToString()), each.Explanation,
        }));
        if (diff.Instances.Count == 0)
            output.WriteLine("No instances of registered workflows are running.");
        else
            output.WriteTable(["instance", "workflow", "version", "effect", ""], diff.Instances.Select(each => new[]
            {
                each.InstanceId, each.Workflow, each.Version.ToString(CultureInfo.InvariantCulture), Words(each.Effect.ToString()),
                each.Explanation,
            }));
        var movable = diff.Instances.Where(each => each.Target is not null);
        foreach (var group in movable.GroupBy(each => (each.Workflow, each.Version, each.Target)))
        {
            var (workflow, from, to) = group.Key;
            output.WriteLine(
                $"{group.Count(each => each.Obstacle is null)} of {Lines.Count(group.Count(), "instance")} can be migrated, once version "
                + $"{to} is registered: pgdurable migrate {workflow} --from {from} --to {to}");
        }
    }

    // Turns "MustDrain" into "must drain".
    private static string Words(string name) => string.Concat(
        name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
