using System.Text;

namespace PgDurable.Generators.Model;

/// <summary>
/// The comments in a SQL text that name lines of C#. They stay markers until the text is emitted: a workflow whose lines have moved is
/// otherwise unchanged, and the location of files isn't known before.
/// </summary>
internal static class SourceComment
{
    private const char Mark = '\x02';

    public static string Marker(int number) => $"{Mark}{number}{Mark}";

    public static string Fill(string sql, IReadOnlyList<string?> sources)
    {
        var parts = sql.Split(Mark);
        var filled = new StringBuilder(parts[0]);
        for (var i = 1; i + 1 < parts.Length; i += 2)
        {
            if (sources[int.Parse(parts[i], System.Globalization.CultureInfo.InvariantCulture)] is { } source)
                filled.Append("/* ").Append(source.Replace("*/", "* /").Replace("/*", "/ *")).Append(" */ ");
            filled.Append(parts[i + 1]);
        }

        return filled.ToString();
    }
}
