namespace PgDurable.Worker.Engine;

/// <summary>Why an iteration of a loop failed, in short. The loop carries it along so that users can see it.</summary>
/// <param name="Message">What went wrong.</param>
/// <param name="SqlState">Its code.</param>
/// <param name="Node">The node that failed.</param>
internal sealed record IterationError(string Message, string SqlState, string Node)
{
    private const int MaxLength = 1000;

    public static IterationError Of(Failure failure, string node) => new(
        failure.Error.Message.Length <= MaxLength ? failure.Error.Message : failure.Error.Message[..MaxLength] + "…",
        failure.Error.SqlState, node);
}
