namespace PgDurable.Worker.Execution;

/// <summary>A step returned more than a result may hold.</summary>
internal sealed class ResultTooLargeException(long maxBytes)
    : Exception($"the step's result is larger than {ByteSize.Format(maxBytes)} (pg_durable.max_result_bytes)")
{
    /// <summary>What to do about it.</summary>
    public string Hint =>
        "Select fewer rows or columns, or keep the data in a table and pass its key on; a superuser can raise pg_durable.max_result_bytes.";
}
