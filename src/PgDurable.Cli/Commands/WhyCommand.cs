using System.CommandLine;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable why</c></summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var id = CommonOptions.Instance();
        var command = new Command("why", "Says why an instance doesn't go on.") { id };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var answer = await session.Client.WhyAsync(parsed.GetRequiredValue(id), ct);
            session.Output.Write(new { Why = answer }, answer);
            return ExitCode.Ok;
        });
        return command;
    }
}
