using System.CommandLine;
using PgDurable.Cli.Check;
using PgDurable.Cli.Workflows;
using PgDurable.Graph;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable check</c></summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var assembly = CommonOptions.Assembly();
        var workflows = CommonOptions.Workflow();
        var role = CommonOptions.Role();
        var command = new Command(
            "check",
            "Checks an assembly's workflows: the database prepares every SQL step as the role that will run it. Finds missing tables, "
                + "columns and functions, wrong types and missing privileges. Runs nothing. Returns 1 if it finds a problem.")
        {
            assembly, workflows, role,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var build = WorkflowAssembly.ReadTypes(parsed.GetRequiredValue(assembly), parsed.GetValue(workflows));
            await using var connection = await session.ConnectAsync(parsed.GetValue(role), ct);
            var statements = await StatementChecker.BeginAsync(connection, parsed.GetValue(role) is not null, ct);
            var report = new CheckReport([], []);
            foreach (var each in build)
            {
                try
                {
                    await WorkflowChecker.CheckAsync(each, statements, report, ct);
                }
                catch (GraphFormatException error)
                {
                    var workflow = each.Registrant;
                    report.Findings.Add(new(
                        workflow.Name, workflow.Version, "", workflow.Sources.FirstOrDefault(),
                        SqlState: null, error.Message, Hint: null, Near: null));
                }
            }

            await statements.EndAsync();
            Show(session.Output, report);
            return report.Findings.Count == 0 ? ExitCode.Ok : ExitCode.Findings;
        });
        return command;
    }

    private static void Show(Output output, CheckReport report)
    {
        if (output.IsJson)
        {
            output.WriteJson(report);
            return;
        }

        foreach (var each in report.Findings)
        {
            output.WriteLine($"{each.Source ?? each.Workflow}: {each.Workflow} {each.Version}, step '{each.Step}': {each.Message}"
                + (each.SqlState is null ? "" : $" (SQLSTATE {each.SqlState})"));
            if (each.Near is not null)
                output.WriteLine($"    at: {each.Near}");
            if (each.Hint is not null)
                output.WriteLine($"    {each.Hint}");
        }

        foreach (var each in report.Unchecked)
            output.WriteLine($"not checked: {each}");
        output.WriteLine(
            $"{Lines.Count(report.Checked, "statement")} checked, {Lines.Count(report.Findings.Count, "finding")}, " +
            $"{report.Unchecked.Count} not checked.");
    }
}
