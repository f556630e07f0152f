using System.Text;

namespace PgDurable.Worker.Engine;

/// <content>What is compared, as text.</content>
internal sealed partial class RandomRun
{
    private static string Text(WorkflowState state)
    {
        if (state.Outcome is not null)
            return Text(state.Outcome);
        var text = new StringBuilder();
        foreach (var line in state.InFlight.Values.Select(open => Text(open.Command)).Order(StringComparer.Ordinal))
            text.AppendLine(line);
        foreach (var (name, result) in state.Root.Names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.AppendLine($"{name} = {result.Json}");
        foreach (var undo in state.Undos.Entries)
        {
            text.Append($"undo {undo.Node}@{undo.Path}");
            foreach (var (name, result) in undo.Names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                text.Append($" {name} = {result.Json}");
            text.AppendLine();
        }
        return text.ToString();
    }

    private static string Text(Decision decision) => decision.Outcome is { } outcome
        ? Text(outcome)
        : string.Join('\n', decision.Commands.Select(Text)) + "\nstopped "
            + string.Join(' ', decision.Stopped.Select(Text).Order(StringComparer.Ordinal)) + "\ncarried " + string.Join('\n', decision.Carries.Select(Text));

    private static string Text(Outcome outcome) => outcome switch
    {
        Outcome.Completed completed => $"completed {(completed.Source is { } source ? Text(source) : "")} {completed.Result.Json}",
        Outcome.Failed failed => $"failed {(failed.Origin is { } origin ? Text(origin) : "")} {failed.Error} {string.Join(' ', failed.FailedSteps.Select(Text))}",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static string Text(Command command) => command switch
    {
        Command.RunSql sql => $"{Text(sql.Execution)} {sql.Sql}",
        Command.SendHttp http => $"{Text(http.Execution)} {http.Call.Url} {http.Call.Body}",
        Command.Wait wait => $"{Text(wait.Execution)} {wait.Kind} {wait.Until:O} {wait.Signal} {wait.WhenDue.Json}{(wait.Carry is { } carry ? Text(carry) : "")}",
        Command.StartChild child => $"{Text(child.Execution)} {child.InputJson}",
        Command.Refuse refuse => $"{Text(refuse.Execution)} {refuse.Error}",
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private static string Text(Carry carry) => $"{Text(carry.Iteration)} {carry.FirstNode}-{carry.LastNode} {carry.DropPath} {carry.State.Json}";

    private static string Text(ExecutionKey key) => $"{key.Node}@{key.Path}";
}
