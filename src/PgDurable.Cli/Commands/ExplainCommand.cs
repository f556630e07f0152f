using System.CommandLine;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable explain</c></summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var id = CommonOptions.Instance();
        var command = new Command("explain", "Prints an instance's tree with the state of each node.") { id };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var tree = await session.Client.ExplainAsync(parsed.GetRequiredValue(id), ct);
            session.Output.Write(new { Tree = tree }, tree);
            return ExitCode.Ok;
        });
        return command;
    }
}
