namespace PgDurable.Graph;

/// <summary>The exception for text that isn't a valid graph envelope.</summary>
public sealed class GraphFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The place in the graph: <c>root</c>, <c>root.left</c>, …</param>
    /// <param name="message">What is wrong there.</param>
    /// <param name="innerException">The cause, if any.</param>
    public GraphFormatException(string path, string message, Exception? innerException = null)
        : base($"Invalid durable function graph: {path}: {message}", innerException) => Path = path;

    /// <summary>The place in the graph: <c>root</c>, <c>root.left</c>, …</summary>
    public string Path { get; }
}
