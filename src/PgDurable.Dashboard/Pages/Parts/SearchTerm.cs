namespace PgDurable.Dashboard.Pages.Parts;

/// <summary>Terms of <c>df.search</c>.</summary>
internal static class SearchTerm
{
    /// <summary>A term whose value stands in quotes, whatever it is.</summary>
    public static string Quoted(string word, string value) => $"{word}:\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
