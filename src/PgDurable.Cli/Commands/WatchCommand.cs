using System.CommandLine;
using Spectre.Console;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable watch</c></summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var id = CommonOptions.Instance();
        var interval = new Option<double>("--interval", "-i")
        {
            Description = "Seconds between updates: 0.05 to 3600.",
            DefaultValueFactory = _ => 0.5,
        };
        interval.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0.05 and <= 3600))
                result.AddError("--interval must be between 0.05 and 3600.");
        });
        var command = new Command(
            "watch",
            "Shows an instance's tree until the instance ends. If the output isn't a terminal, prints the tree whenever it changes. "
                + "Returns 1 unless the instance completed.")
        {
            id, interval,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var run = session.Client.Handle(parsed.GetRequiredValue(id));
            var pause = TimeSpan.FromSeconds(parsed.GetValue(interval));
            var output = session.Output;
            if (output.IsJson || !output.Console.Profile.Capabilities.Interactive || System.Console.IsOutputRedirected)
            {
                return await FollowAsync(run, pause, (status, tree) => output.Write(new { Status = status, Tree = tree }, $"{tree}\n"), ct);
            }

            var code = ExitCode.Ok;
            await output.Console.Live(new Text("")).StartAsync(async live =>
                code = await FollowAsync(run, pause, (_, tree) =>
                {
                    live.UpdateTarget(new Text(Output.Clean(tree)));
                    live.Refresh();
                }, ct));
            return code;
        });
        return command;
    }

    private static async Task<int> FollowAsync(WorkflowHandle run, TimeSpan pause, Action<string, string> show, CancellationToken ct)
    {
        (WorkflowStatus, string)? shown = null;
        while (true)
        {
            // Reads the status first, so that the last tree shown is the final one, even if the instance ends between the two calls.
            var status = await run.StatusAsync(ct);
            var tree = await run.ExplainAsync(ct);
            if ((status, tree) != shown)
                show(InstanceState.Word(status), tree);
            shown = (status, tree);
            if (status is not (WorkflowStatus.Pending or WorkflowStatus.Running))
                return status == WorkflowStatus.Completed ? ExitCode.Ok : ExitCode.Findings;
            await Task.Delay(pause, ct);
        }
    }
}
