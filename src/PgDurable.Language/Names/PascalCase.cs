using System.Text;

namespace PgDurable.Names;

internal static class PascalCase
{
    /// <summary><c>go-ahead</c> → <c>GoAhead</c>, <c>approval</c> → <c>Approval</c>.</summary>
    public static string From(string name)
    {
        var text = new StringBuilder(name.Length);
        var startsWord = true;
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c))
            {
                startsWord = true;
                continue;
            }

            text.Append(startsWord ? char.ToUpperInvariant(c) : c);
            startsWord = false;
        }

        return text.ToString();
    }
}
