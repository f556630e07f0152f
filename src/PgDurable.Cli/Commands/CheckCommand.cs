using System.CommandLine;
using System.Globalization;
using PgDurable.Cli.Check;
using PgDurable.Cli.Workflows;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable check</c></summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var assembly = CommonOptions.Assembly();
        var workflows = CommonOptions.Workflow();
        var role = CommonOptions.Role();
        var assemblies = new Option<FileInfo[]>("--activities")
        {
            Description = "Another assembly that implements activities of these workflows. Can be repeated.",
        };
        var others = new Option<string[]>("--activity")
        {
            Description = "The name of an activity that a program without .NET implements. Can be repeated.",
        };
        var command = new Command(
            "check",
            "Checks an assembly's workflows: the database prepares every SQL step as the role that will run it. Finds missing tables, "
                + "columns and functions, wrong types, missing privileges, and activities that nothing implements. Runs nothing. "
                + "Returns 1 if it finds a problem.")
        {
            assembly, workflows, role, assemblies, others,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var file = parsed.GetRequiredValue(assembly);
            var all = WorkflowAssembly.ReadTypes(file);
            var build = WorkflowAssembly.Named(all, file, parsed.GetValue(workflows));
            var implemented = ActivityAssembly.Read(file)
                .Concat((parsed.GetValue(assemblies) ?? []).SelectMany(ActivityAssembly.ReadSome))
                .Concat(parsed.GetValue(others) ?? []).ToHashSet(StringComparer.Ordinal);
            await using var connection = await session.ConnectAsync(parsed.GetValue(role), ct);
            var statements = await StatementChecker.BeginAsync(connection, parsed.GetValue(role) is not null, ct);
            var report = new CheckReport([], []);
            foreach (var each in build)
                await WorkflowChecker.CheckAsync(each, statements, report, descriptions: null, ct);

            await statements.EndAsync();
            ActivityChecker.Check(build, all, implemented, report);
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
            each.Show(output);
        foreach (var each in report.Unchecked)
            output.WriteLine($"not checked: {each}");
        var activities = report.Activities == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture, $"and {report.Activities} {(report.Activities == 1 ? "activity" : "activities")} ");
        output.WriteLine(
            $"{Lines.Count(report.Checked, "statement")} {activities}checked, {Lines.Count(report.Findings.Count, "finding")}, " +
            $"{report.Unchecked.Count} not checked.");
    }
}
