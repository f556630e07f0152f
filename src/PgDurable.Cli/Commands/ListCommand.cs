using System.CommandLine;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable list</c></summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var status = new Option<WorkflowStatus?>("--status", "-s") { Description = "Only instances with this status." };
        var workflow = new Option<string?>("--workflow", "-w") { Description = "Only instances of this registered workflow." };
        var label = new Option<string?>("--label", "-l") { Description = "Only instances with this label." };
        var limit = InstanceTable.Limit();
        var command = new Command("list", "Lists your instances, newest first.") { status, workflow, label, limit };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var left = parsed.GetValue(limit);
            var filter = new InstanceFilter
            {
                Status = parsed.GetValue(status),
                Workflow = parsed.GetValue(workflow),
                Label = parsed.GetValue(label),
                PageSize = Math.Min(left, 100),
            };
            await InstanceTable.WriteAsync(session, session.Client.ListAsync(filter, ct), left);
            return ExitCode.Ok;
        });
        return command;
    }
}
