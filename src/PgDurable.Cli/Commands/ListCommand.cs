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
        var limit = new Option<int>("--limit", "-n") { Description = "The maximum number of instances.", DefaultValueFactory = _ => 20 };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError("--limit must be at least 1.");
        });
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
            var found = new List<InstanceInfo>();
            await foreach (var instance in session.Client.ListAsync(filter, ct))
            {
                found.Add(instance);
                if (--left == 0)
                    break;
            }

            if (session.Output.IsJson)
                session.Output.WriteJson(found);
            else
                session.Output.WriteTable(
                    ["id", "status", "workflow", "label", "created", "ended", "output"], found.Select(each => new[]
                    {
                        each.InstanceId, InstanceState.Word(each.Status), Lines.Version(each), each.Label, Lines.Time(each.CreatedAt),
                        Lines.Time(each.EndedAt), Lines.Cut(each.Output, 60),
                    }));
            return ExitCode.Ok;
        });
        return command;
    }
}
