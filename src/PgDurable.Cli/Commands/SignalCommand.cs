using System.CommandLine;
using System.Text.Json;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable signal</c></summary>
internal static class SignalCommand
{
    public static Command Create()
    {
        var id = CommonOptions.Instance();
        var name = new Argument<string>("name") { Description = "The signal's name." };
        var payload = new Argument<string?>("payload") { Description = "The payload as JSON.", DefaultValueFactory = _ => null };
        var command = new Command("signal", "Sends a signal to an instance.") { id, name, payload };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var (instance, signal) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(name));
            try
            {
                await session.Client.SignalAsync(instance, signal, parsed.GetValue(payload), ct);
            }
            catch (JsonException)
            {
                throw new UsageException("The payload isn't valid JSON. Write a text with double quotes: '\"approved\"'.");
            }

            session.Output.Write(new { InstanceId = instance, Signal = signal }, $"Sent '{signal}' to {instance}.");
            return ExitCode.Ok;
        });
        return command;
    }
}
