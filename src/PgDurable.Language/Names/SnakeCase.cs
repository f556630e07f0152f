using System.Text;
using PgDurable.Sql;

namespace PgDurable.Names;

internal static class SnakeCase
{
    /// <summary><c>OrderId</c> → <c>order_id</c>, <c>HTTPStatus</c> → <c>http_status</c>, <c>Line2Text</c> → <c>line2_text</c>.</summary>
    public static string From(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>Whether SQL can refer to the name as <c>$name</c>.</summary>
    public static bool IsReferable(string name) =>
        name.Length > 0 && !SqlCharacters.IsDigit(name[0]) && name.All(c => c < '\x80' && SqlCharacters.IsTagPart(c));
}
