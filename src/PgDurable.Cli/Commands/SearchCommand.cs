using System.CommandLine;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable search</c></summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var terms = new Argument<string[]>("terms")
        {
            Description = "What must match, such as: workflow:order status:failed customer:42 since:1d -label:test",
        };
        var limit = InstanceTable.Limit();
        var command = new Command("search", "Finds your instances, newest first.") { terms, limit };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var query = string.Join(' ', parsed.GetRequiredValue(terms));
            await InstanceTable.WriteAsync(session, session.Client.SearchAsync(query, ct), parsed.GetValue(limit));
            return ExitCode.Ok;
        });
        return command;
    }
}
