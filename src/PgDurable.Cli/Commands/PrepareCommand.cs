using System.CommandLine;
using PgDurable.Cli.Check;
using PgDurable.Cli.Prepare;
using PgDurable.Cli.Workflows;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable prepare</c></summary>
internal static class PrepareCommand
{
    public static Command Create()
    {
        var assembly = CommonOptions.Assembly();
        var role = CommonOptions.Role();
        var path = new Option<FileInfo>("--file", "-f")
        {
            Description = "The file to write, or to compare with.",
            DefaultValueFactory = _ => new(StatementsFile.DefaultPath),
        };
        var check = new Option<bool>("--check")
        {
            Description = "Write nothing. Say what the database describes differently than the file, and return 1 if there is something.",
        };
        var command = new Command(
            "prepare",
            "Has a development database describe every SQL step of an assembly, and writes the columns and types into a file that the "
                + "compiler reads. Runs nothing. Returns 1 if the database doesn't accept a step.")
        {
            assembly, role, path, check,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var file = parsed.GetRequiredValue(path);
            var isCheck = parsed.GetValue(check);
            var build = WorkflowAssembly.ReadTypes(parsed.GetRequiredValue(assembly));
            var old = isCheck ? StatementsFile.Read(file) : [];
            var report = new CheckReport([], []);
            var descriptions = new StatementDescriptions(report);
            await using var connection = await session.ConnectAsync(parsed.GetValue(role), ct);
            var statements = await StatementChecker.BeginAsync(connection, parsed.GetValue(role) is not null, ct);
            foreach (var each in build)
                await WorkflowChecker.CheckAsync(each, statements, report, descriptions, ct);
            await statements.EndAsync();
            if (!isCheck)
                StatementsFile.Write(file, descriptions.Entries);

            var drift = isCheck ? Drift(old, descriptions).ToList() : [];
            Show(session.Output, report, descriptions.Entries, drift, isCheck ? $"differ from {file.Name}" : null);
            return report.Findings.Count + drift.Count == 0 ? ExitCode.Ok : ExitCode.Findings;
        });
        return command;
    }

    private static IEnumerable<StatementChange> Drift(IReadOnlyList<StatementEntry> old, StatementDescriptions now)
    {
        var known = old.ToDictionary(entry => entry.Sql, StringComparer.Ordinal);
        foreach (var entry in now.Entries)
        {
            var place = now.PlaceOf(entry.Sql)!;
            if (!known.Remove(entry.Sql, out var was))
                yield return new(entry.Sql, place, ["it isn't in the file"]);
            else if (StatementDrift.Between(was, entry).ToList() is { Count: > 0 } changes)
                yield return new(entry.Sql, place, changes);
        }

        foreach (var entry in known.Values)
            yield return new(entry.Sql, Place: null, ["it is in the file, but no step has this text"]);
    }

    private static void Show(
        Output output, CheckReport report, IReadOnlyList<StatementEntry> entries, IReadOnlyList<StatementChange> drift, string? differ)
    {
        if (output.IsJson)
        {
            output.WriteJson(new { Statements = entries.Count, report.Findings, Drift = drift });
            return;
        }

        foreach (var each in report.Findings)
            each.Show(output);
        foreach (var (sql, place, changes) in drift)
        {
            foreach (var change in changes)
                output.WriteLine($"{place ?? "no step"}: {change}");
            output.WriteLine($"    in: {Lines.Cut(sql.ReplaceLineEndings(" "), 100)}");
        }

        foreach (var entry in entries.Where(entry => entry.NotDescribed is not null))
            output.WriteLine($"not described: {Lines.Cut(entry.Sql.ReplaceLineEndings(" "), 60)}: {entry.NotDescribed}");
        output.WriteLine($"{Lines.Count(entries.Count, "statement")}, {Lines.Count(report.Findings.Count, "finding")}"
            + (differ is null ? "." : $", {drift.Count} {differ}."));
    }

    private sealed record StatementChange(string Sql, string? Place, IReadOnlyList<string> Changes);
}
