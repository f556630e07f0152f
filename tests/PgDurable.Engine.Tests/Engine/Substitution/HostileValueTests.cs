using System.Text.Json;
using PgDurable.Engine.Tests.Sql;
using PgDurable.Sql;
using PgDurable.Worker.Store.Results;
using static PgDurable.Engine.Tests.Sql.LexerTestExtensions;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Any value stays a single value: the tokens are the same as for a harmless value.</summary>
public class HostileValueTests
{
    [Theory]
    [InlineData("SELECT $v, 1")]
    [InlineData("SELECT 1-$v::text")]
    [InlineData("SELECT U&$v")]
    [InlineData("SELECT 1$v.5")]
    [InlineData("SELECT 'a'\n$v\n'b\\', 'c'")]
    [InlineData("SELECT $v\n, $v -- x")]
    [InlineData("SELECT * FROM $rows.* WHERE true")]
    [InlineData("SELECT $rows.a || $rows.b")]
    [InlineData("SELECT '<$v>', '\\'")]
    [InlineData("SELECT date'<$v>\\'")]
    [InlineData("SELECT N'<$v>' || '\\'")]
    [InlineData("SELECT E'<$v>\\'' || '\\'")]
    [InlineData("SELECT 'x'\n'<$v>' '\\'")]
    [InlineData("SELECT '<$v>'\n'\\', 'x'")]
    [InlineData("SELECT E'\\'x'\n'<$v>\\'', 'x'")]
    [InlineData("SELECT \"<$v>\", \"a\"")]
    public void Substitute_HostileValue_MakesTheTokensOfAHarmlessOne(string sql) => Texts.ForAll(value =>
    {
        var output = SqlSubstitution.Substitute(sql, NamesFor(value)).Text;
        var harmless = SqlSubstitution.Substitute(sql, NamesFor("x")).Text;
        Assert.Equal(Structure(harmless), Structure(output));

        var wrapped = sql.Contains("<$v>", StringComparison.Ordinal);
        var tokens = Lex(output).Where(token => token.IsQuotedLiteral || token.Kind == SqlTokenKind.QuotedIdentifier);
        var decoded = tokens.Select(token => token.Decode(output)).ToList();
        Assert.Contains(decoded, text => wrapped ? text.StartsWith($"<{value}>", StringComparison.Ordinal) : text == value);
        Assert.DoesNotContain(Lex(output), token => token.Error != null);
    });

    [Theory]
    [InlineData("$$ x := $v; $$")]
    [InlineData("$$ x := '<$v>'$$")]
    [InlineData("$df$ EXECUTE $$ SELECT $v $$; $df$")]
    [InlineData("$a$'$v")]
    public void Substitute_HostileValueInDollarQuotes_StaysInside(string sql) => Texts.ForAll(value =>
    {
        var isOpen = sql.EndsWith("$v", StringComparison.Ordinal);
        var output = SqlSubstitution.Substitute(isOpen ? sql + "$a$" : sql, NamesFor(value)).Text;
        var token = Assert.Single(Lex(output));
        Assert.Equal(SqlTokenKind.DollarString, token.Kind);
        Assert.Null(token.Error);
    });

    [Fact]
    public void Substitute_HostileText_NeverFailsOtherwise() => Texts.ForAll(sql =>
    {
        try
        {
            SqlSubstitution.Substitute(sql, new Dictionary<string, StepResult> { ["n"] = new("\"'\\\\\"", null), ["a"] = new("-1", null) });
        }
        catch (SubstitutionException)
        {
            // Names that hostile SQL refers to in vain.
        }
    });

    [Fact]
    public void Substitute_HostileArrayElements_AreReadBack() => Texts.ForAll(value =>
    {
        var json = $"[{Quote(value)},null,[{Quote(value)}]]";
        using var document = JsonDocument.Parse(json);
        var text = ArrayLiteral.Write(document.RootElement, "pg_catalog.text", "$n");
        Assert.Equal(json, ValueEncoderTests.Encode(1009, text));
    });

    static Dictionary<string, StepResult> NamesFor(string value) => new()
    {
        ["v"] = new(Quote(value), null),
        ["rows"] = new(
            $$"""{"rows":[{"a":{{Quote(value)}},"b":{{Quote(value)}} }],"row_count":1}""", [new("a", "pg_catalog.text"), new("b", null)]),
    };

    static string Quote(string value) => ValueEncoderTests.Encode(25, value);

    /// <summary>Treats standard and escape literals as equal, and ignores blanks.</summary>
    static IEnumerable<string> Structure(string sql) => Lex(sql)
        .Where(token => token.Kind != SqlTokenKind.Whitespace)
        .Select(token => token.Kind == SqlTokenKind.EscapeString ? nameof(SqlTokenKind.String) : token.Kind.ToString());
}
