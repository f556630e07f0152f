using System.CommandLine;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable fork</c></summary>
internal static class ForkCommand
{
    public static Command Create()
    {
        var id = CommonOptions.Instance();
        var node = new Argument<string>("node")
        {
            Description = "The step to continue from, as explain or history shows it, or its node's id.",
        };
        var version = new Option<int?>("--version")
        {
            Description = "The version of the workflow to continue with. Default: the same graph.",
        };
        var label = new Option<string?>("--label", "-l") { Description = "The new instance's label. Default: that of the instance." };
        var command = new Command(
            "fork", "Starts a new instance that has the results of another one's steps before a step, and continues from there.")
        {
            id, node, version, label,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var (instance, from) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(node));
            var fork = await session.Client.ForkAsync(instance, from, parsed.GetValue(version), parsed.GetValue(label), ct);
            session.Output.Write(
                new { fork.InstanceId, ForkedFrom = instance }, $"Instance {fork.InstanceId} continues {instance} from '{from}'.");
            return ExitCode.Ok;
        });
        return command;
    }
}
