using System.Text.RegularExpressions;

namespace PgDurable.Names;

/// <summary>The keys of tags: <c>df.tag</c> allows the same, and a test compares the two.</summary>
internal static class TagKey
{
    public const int MaxLength = 64;

    /// <summary>The words of <c>df.search</c>, which no tag has as its key, in upper or lower case.</summary>
    public static readonly string[] Reserved = ["error", "id", "label", "since", "status", "step", "until", "workflow"];

    private static readonly Regex Valid = new(@"^[A-Za-z_][A-Za-z0-9_.-]*\z", RegexOptions.CultureInvariant);

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string key) => key switch
    {
        _ when Reserved.Contains(key, StringComparer.OrdinalIgnoreCase) =>
            "it is a word of df.search, as are " + string.Join(", ", Reserved),
        { Length: > MaxLength } => $"a tag's key has up to {MaxLength} characters",
        _ when !Valid.IsMatch(key) => "a tag's key begins with a letter or _, and consists of letters, digits, _, . and -",
        _ => null,
    };
}
