using System.CommandLine;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable migrate</c></summary>
internal static class MigrateCommand
{
    private const int Shown = 20;

    public static Command Create()
    {
        var workflow = new Argument<string>("workflow") { Description = "The workflow's name." };
        var from = new Option<int>("--from") { Description = "The version that the instances run.", Required = true };
        var to = new Option<int>("--to") { Description = "The version to go on with, which must be registered.", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only says which instances would be moved." };
        var command = new Command(
            "migrate",
            "Moves running instances to another version of their workflow, wherever both are the same as far as an instance has come. "
                + "Returns 1 if some stay with their version.")
        {
            workflow, from, to, dryRun,
        };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var all = await session.Client.MigrateAsync(
                parsed.GetRequiredValue(workflow), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(dryRun), ct);
            Show(session.Output, all, parsed.GetValue(dryRun));
            return all.All(each => each.IsMoved) ? ExitCode.Ok : ExitCode.Findings;
        });
        return command;
    }

    private static void Show(Output output, IReadOnlyList<MigratedInstance> all, bool dryRun)
    {
        if (output.IsJson)
        {
            output.WriteJson(all);
            return;
        }

        var staying = all.Where(each => !each.IsMoved).ToList();
        if (staying.Count > 0)
            output.WriteTable(["instance", "stays, because"], staying.Take(Shown).Select(each => new[] { each.InstanceId, each.Reason }));
        if (staying.Count > Shown)
            output.WriteLine($"… and {Lines.Count(staying.Count - Shown, "more instance")}");
        var verb = dryRun ? "can be moved" : "moved";
        output.WriteLine($"{Lines.Count(all.Count - staying.Count, "instance")} {verb}, {staying.Count} not.");
    }
}
