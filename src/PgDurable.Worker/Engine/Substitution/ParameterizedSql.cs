using System.Text.RegularExpressions;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>
/// A statement with parameters in place of references: the text is the same for every value, so a server can keep its plan.
/// </summary>
/// <param name="Text">The statement, with <c>$1</c>, <c>$2</c>, ….</param>
/// <param name="Values">
/// The parameters' values, as their types' input functions read them. The server infers each type that the text doesn't name.
/// </param>
internal sealed partial record ParameterizedSql(string Text, IReadOnlyList<string> Values)
{
    // Longer statements aren't worth the server's memory.
    const int LongestText = 16 * 1024;

    /// <summary>Whether a statement with this text can be prepared, and later run again with the same meaning.</summary>
    public static bool IsPossible(string sql) =>
        sql.Length <= LongestText && Plannable().IsMatch(sql) && !ReadWhileParsing().IsMatch(sql) && !MaySpellAnything().IsMatch(sql);

    public bool Equals(ParameterizedSql? other) => other is not null && Text == other.Text && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    [GeneratedRegex(@"\A\s*(select|insert|update|delete|merge|values|with)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Plannable();

    // A literal such as 'today' or 'name'::regrole is read only once, when the statement is prepared.
    [GeneratedRegex(
        @"\b(now|today|tomorrow|yesterday)\b(?!\s*\()"
            + @"|\breg(proc|procedure|oper|operator|class|type|role|namespace|config|dictionary|collation)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReadWhileParsing();

    // E'\x74oday', U&'\0074oday', and 'to' that continues as 'day' on the next line
    [GeneratedRegex(
        @"\b(e'[^']*\\|u&')|'[^\S\r\n]*(--[^\r\n]*)?[\r\n](\s|--[^\r\n]*[\r\n])*'",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MaySpellAnything();
}
