namespace PgDurable.Worker.Instances;

/// <summary>What became of something that was to be recorded.</summary>
/// <param name="IsWritten">Whether it was written.</param>
/// <param name="Problem">Why it can never be written; <c>null</c> if it was written, or if only the moment was wrong.</param>
internal readonly record struct Recorded(bool IsWritten, Exception? Problem = null)
{
    public static implicit operator Recorded(bool isWritten) => new(isWritten);
}
