using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Replay;

/// <summary>
/// Describes commands as text, so that they can be compared. Deadlines are left out: they are compared when the wait ends.
/// </summary>
internal static class CommandText
{
    public static string Of(Command command) => command switch
    {
        Command.RunSql sql => sql.Sql,
        Command.SendHttp { Call: var call } =>
            $"{call.Method} {call.Url} {string.Join(' ', call.Headers.Select(header => $"{header.Name}: {header.Value}"))} {call.Body} "
            + string.Join(' ', call.Parts.Select(part => $"{part.Name}={part.DataBase64} {part.FileName} {part.ContentType}")),
        Command.Wait { Signal: { } signal } => $"signal {signal}",
        Command.Wait wait => $"wait {wait.Kind}",
        Command.StartTask task => $"activity {task.Name} {task.Queue} {task.InputJson}",
        Command.StartChild child => $"call {child.Workflow} {child.Version} {child.InputJson}",
        Command.Refuse { Error: var error } => $"fail {error.SqlState} {error.Message}",
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };
}
