using System.CommandLine;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable pause</c>, <c>resume</c> and <c>retry</c></summary>
internal static class OperateCommands
{
    public static Command Pause() => Create("pause", "Pauses an instance: the running step finishes, and none begins.", "paused", (run, ct) => run.PauseAsync(ct));

    public static Command Resume() => Create("resume", "Lets a paused instance go on.", "resumed", (run, ct) => run.ResumeAsync(ct));

    public static Command Retry() => Create(
        "retry", "Lets a failed instance go on at the step that failed.", "retried", (run, ct) => run.RetryAsync(ct));

    private static Command Create(string name, string description, string done, Func<WorkflowHandle, CancellationToken, Task> operate)
    {
        var id = CommonOptions.Instance();
        var command = new Command(name, description) { id };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var instance = parsed.GetRequiredValue(id);
            await operate(session.Client.Handle(instance), ct);
            session.Output.Write(new { InstanceId = instance, Done = done }, $"{instance} is {done}.");
            return ExitCode.Ok;
        });
        return command;
    }
}
