using System.CommandLine;
using PgDurable.Doctor;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command(
            "doctor",
            "Checks the schema, extension, worker, clocks, backlog, tasks, and stuck, restored, paused and failed instances, and says what "
                + "to do. Sees the instances of your role; a superuser sees all. Returns 1 if something is wrong.");
        Session.Run(command, async (session, _, ct) =>
        {
            await using var connection = await session.ConnectAsync(role: null, ct);
            var patient = await Patient.AskAsync(connection, TimeProvider.System, ct);
            var all = Diagnosis.Of(patient, await ActivityTasks.ReadAsync(connection, ct));
            Show(session.Output, all);
            return all.All(each => each.Severity == Severity.Ok) ? ExitCode.Ok : ExitCode.Findings;
        });
        return command;
    }

    private static void Show(Output output, IReadOnlyList<Diagnosis> all)
    {
        if (output.IsJson)
        {
            output.WriteJson(all);
            return;
        }

        foreach (var each in all)
        {
            var mark = each.Severity switch { Severity.Ok => "ok     ", Severity.Warning => "warning", Severity.Problem => "PROBLEM" };
            output.WriteLine($"{mark}  {each.Name}: {each.Message}");
            if (each.Advice is not null)
                output.WriteLine($"         {each.Advice}");
        }
    }
}
