namespace PgDurable.Generators.Diagnostics;

/// <summary>The pages that an editor opens for a diagnostic.</summary>
internal static class HelpLinks
{
    /// <summary>The folder of the pages; each is named after its diagnostic's id.</summary>
    public const string Base = "https://github.com/pgdurable/pgdurable/blob/main/docs/diagnostics/";

    public static string Of(string id) => $"{Base}{id}.md";
}
