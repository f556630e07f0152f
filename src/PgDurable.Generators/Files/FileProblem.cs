namespace PgDurable.Generators.Files;

/// <summary>Why a file can't be read.</summary>
/// <param name="Line">The line, counted from 0.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record FileProblem(int Line, string Message);
