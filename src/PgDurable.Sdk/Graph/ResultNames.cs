using System.Text.RegularExpressions;

namespace PgDurable.Graph;

/// <summary>The names under which later steps read results.</summary>
internal static partial class ResultNames
{
    /// <summary>As messages show it.</summary>
    public const string Pattern = "[a-zA-Z_][a-zA-Z0-9_]*";

    public static bool IsIdentifier(string name) => Identifier().IsMatch(name);

    /// <summary>The problem with the name of a result, or null.</summary>
    public static string? Problem(string name) => !IsIdentifier(name)
        ? $"result name '{name}' is not a valid identifier — must match {Pattern}"
        : name == "input" ? "result name 'input' is taken: $input is the input given to df.start" : null;

    // Not $, which also matches before a line break at the end.
    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
