using System.CommandLine;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable cancel</c></summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var id = CommonOptions.Instance();
        var reason = new Option<string?>("--reason") { Description = "The reason, which the instance's error will contain." };
        var force = new Option<bool>("--force") { Description = "Ends it at once, also if it would undo its steps or is doing so." };
        var command = new Command("cancel", "Cancels an instance and the workflows that it called.") { id, reason, force };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var instance = parsed.GetRequiredValue(id);
            await (parsed.GetValue(force)
                ? session.Client.TerminateAsync(instance, parsed.GetValue(reason), ct)
                : session.Client.CancelAsync(instance, parsed.GetValue(reason), ct));
            var status = InstanceState.Word(await session.Client.StatusAsync(instance, ct));
            session.Output.Write(new { InstanceId = instance, Status = status }, $"Instance {instance} is {status}.");
            return ExitCode.Ok;
        });
        return command;
    }
}
