using System.CommandLine;
using System.Globalization;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable history</c></summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var id = CommonOptions.Instance();
        var command = new Command("history", "Lists what an instance has done, step by step.") { id };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var history = await session.Client.HistoryAsync(parsed.GetRequiredValue(id), ct);
            if (session.Output.IsJson)
                session.Output.WriteJson(history);
            else
                session.Output.WriteTable(
                    ["finished", "took", "node", "step", "path", "attempt", "rows", "error", "source"], history.Select(each => new[]
                    {
                        Lines.Time(each.FinishedAt), Lines.Duration(each.Duration), each.Node, Lines.Cut(each.Step, 40), each.Path,
                        each.Attempt.ToString(CultureInfo.InvariantCulture), each.Rows?.ToString(CultureInfo.InvariantCulture), each.Error,
                        each.Source,
                    }));
            return ExitCode.Ok;
        });
        return command;
    }
}
