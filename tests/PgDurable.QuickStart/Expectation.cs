using System.Text;
using System.Text.RegularExpressions;

namespace PgDurable.QuickStart;

/// <summary>What a page says that comes out, as the README explains it.</summary>
internal sealed partial class Expectation
{
    private readonly Regex _pattern;
    private readonly List<string> _ids = [];

    /// <summary>Reads a block.</summary>
    /// <param name="text">The block's text.</param>
    /// <param name="isBeginning">Whether more may come.</param>
    public Expectation(string text, bool isBeginning)
    {
        var pattern = new StringBuilder("^");
        foreach (var line in Normal(text).Split('\n'))
            pattern.Append(line.Trim() == "…" ? "(?:.*\n)*?" : Line(line) + "\n");
        _pattern = new(pattern.Append(isBeginning ? "" : "$").ToString(), RegexOptions.CultureInvariant);
    }

    /// <summary>Whether it is what came out. If so, the ids of the page are known.</summary>
    public bool Fits(string actual, Dictionary<string, string> ids)
    {
        var match = _pattern.Match(Normal(actual) + "\n");
        if (!match.Success)
            return false;
        for (var i = 0; i < _ids.Count; i++)
            ids[_ids[i]] = match.Groups["id" + i].Value;
        return true;
    }

    private static string Normal(string text) => string.Join('\n', text.Trim('\n').Split('\n').Select(line => line.TrimEnd()));

    private string Line(string line)
    {
        var pattern = new StringBuilder();
        var done = 0;
        foreach (Match special in Special().Matches(line))
        {
            pattern.Append(Regex.Escape(line[done..special.Index])).Append(special.Value == "…" ? ".*?" : Id(special.Value));
            done = special.Index + special.Length;
        }
        return pattern.Append(Regex.Escape(line[done..])).ToString();
    }

    private string Id(string id)
    {
        var known = _ids.IndexOf(id);
        if (known >= 0)
            return $"\\k<id{known}>";
        _ids.Add(id);
        return $"(?<id{_ids.Count - 1}>[0-9a-f]{{8}})";
    }

    /// <summary>An instance's id, or something left out.</summary>
    [GeneratedRegex("…|(?<![0-9a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8}(?![0-9a-f])")]
    private static partial Regex Special();
}
