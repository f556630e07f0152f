namespace PgDurable.Generators.Checks;

/// <summary>Checks SQLSTATEs.</summary>
internal static class SqlStateCheck
{
    private const int Length = 5;
    private const int ClassLength = 2;

    /// <summary>What is wrong with the SQLSTATE of an error, or null.</summary>
    public static string? Problem(string text) => text.Length == Length && IsWord(text)
        ? null
        : "a SQLSTATE is five characters from 0-9 and A-Z, such as 'P0001'";

    /// <summary>What is wrong with a SQLSTATE that may also be a class of errors, or null.</summary>
    public static string? ProblemOrClass(string text) => text.Length is Length or ClassLength && IsWord(text)
        ? null
        : "a SQLSTATE is five characters from 0-9 and A-Z, such as '40001', and a class is the first two of them";

    private static bool IsWord(string text) => text.All(c => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z'));
}
