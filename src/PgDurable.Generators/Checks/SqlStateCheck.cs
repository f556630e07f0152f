namespace PgDurable.Generators.Checks;

/// <summary>SQLSTATEs.</summary>
internal static class SqlStateCheck
{
    private const int Length = 5;
    private const int ClassLength = 2;

    /// <summary>What is wrong with the SQLSTATE of an error, or null.</summary>
    public static string? Problem(string text) => text.Length == Length && IsWord(text)
        ? null
        : "a SQLSTATE is five of 0-9 and A-Z, as in 'P0001'";

    /// <summary>What is wrong with one that may be a whole class of errors, or null.</summary>
    public static string? ProblemOrClass(string text) => text.Length is Length or ClassLength && IsWord(text)
        ? null
        : "a SQLSTATE is five of 0-9 and A-Z, as in '40001', and a class is the first two of them";

    private static bool IsWord(string text) => text.All(c => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z'));
}
