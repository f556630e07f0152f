using System.CommandLine;

namespace PgDurable.Cli.Commands;

/// <summary><c>pgdurable pause</c>, <c>resume</c> and <c>retry</c></summary>
internal static class OperateCommands
{
    public static Command Pause() => Create(
        "pause", "Pauses an instance. The running step finishes, and no other step starts.", "paused", (run, ct) => run.PauseAsync(ct));

    public static Command Resume() => Create("resume", "Resumes a paused instance.", "resumed", (run, ct) => run.ResumeAsync(ct));

    public static Command Retry() => Create(
        "retry", "Retries a failed instance from the step that failed.", "retried", (run, ct) => run.RetryAsync(ct));

    private static Command Create(string name, string description, string done, Func<WorkflowHandle, CancellationToken, Task> operate)
    {
        var id = CommonOptions.Instance();
        var command = new Command(name, description) { id };
        Session.Run(command, async (session, parsed, ct) =>
        {
            var instance = parsed.GetRequiredValue(id);
            await operate(session.Client.Handle(instance), ct);
            session.Output.Write(new { InstanceId = instance, Done = done }, $"Instance {instance} is {done}.");
            return ExitCode.Ok;
        });
        return command;
    }
}
