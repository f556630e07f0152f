namespace PgDurable.Worker.Store.Results;

/// <summary>A step has returned more than a result may hold.</summary>
internal sealed class ResultTooLargeException : Exception
{
    public ResultTooLargeException(long maxBytes)
        : this($"the step's result is larger than {ByteSize.Format(maxBytes)} (pg_durable.max_result_bytes)",
            "Select fewer rows or columns, or keep the data in a table and pass its key on; "
            + "a superuser can raise pg_durable.max_result_bytes.")
    {
    }

    private ResultTooLargeException(string message, string hint) : base(message) => Hint = hint;

    /// <summary>What to do about it.</summary>
    public string Hint { get; }

    /// <summary>The results that the instance still needs are too large together.</summary>
    public static ResultTooLargeException OfInstance(long maxBytes) => new(
        $"the results that the instance holds are larger than {ByteSize.Format(maxBytes)} together (16 times pg_durable.max_result_bytes)",
        "Results with a name, and those that df.foreach and df.join collect, are held until nothing can refer to them. "
        + "Keep the data in a table and pass keys on; "
        + "a superuser can raise pg_durable.max_result_bytes.");
}
