using System.CommandLine;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable show</c></summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var id = CommonOptions.Instance();
        var command = new Command("show", "Shows an instance's state, tree and error, and the tasks that it waits for.") { id };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var run = session.Client.Handle(parsed.GetRequiredValue(id));
            var info = await run.InfoAsync(ct);
            var tree = await run.ExplainAsync(ct);
            var tasks = await InstanceTask.ReadAsync(session.DataSource, info.InstanceId, ct);
            if (session.Output.IsJson)
            {
                session.Output.WriteJson(new { Instance = info, Tree = tree, Tasks = tasks });
                return ExitCode.Ok;
            }

            session.Output.WriteTable(["", ""], new (string Name, string? Value)[]
            {
                ("instance", info.InstanceId), ("status", InstanceState.Word(info.Status)), ("workflow", Lines.Version(info)),
                ("label", info.Label), ("role", info.SubmittedBy), ("database", info.Database), ("created", Lines.Time(info.CreatedAt)),
                ("started", Lines.Time(info.StartedAt)), ("ended", Lines.Time(info.EndedAt)), ("output", info.Output),
            }.Where(line => line.Value is { Length: > 0 }).Select(line => new[] { line.Name, line.Value }));
            session.Output.WriteLine(tree);
            InstanceTask.Show(session.Output, tasks);
            return ExitCode.Ok;
        });
        return command;
    }
}
