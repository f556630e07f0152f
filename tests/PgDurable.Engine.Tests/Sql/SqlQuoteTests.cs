using PgDurable.Sql;
using static PgDurable.Engine.Tests.Sql.LexerTestExtensions;

namespace PgDurable.Engine.Tests.Sql;

public class SqlQuoteTests
{
    [Theory]
    [InlineData("it's", "'it''s'")]
    [InlineData("a\\'b", "E'a\\\\''b'")]
    [InlineData("", "''")]
    public void Literal_Value_IsQuoted(string value, string literal) => Assert.Equal(literal, SqlQuote.Literal(value));

    [Fact]
    public void Literal_AnyValue_IsOneTokenThatMeansIt() => Texts.ForAll(value =>
    {
        var sql = SqlQuote.Literal(value);
        Assert.Equal(value, Assert.Single(Lex(sql)).Decode(sql));
    });

    [Fact]
    public void Identifier_AnyName_IsOneTokenThatMeansIt() => Texts.ForAll(name =>
    {
        if (name.Length == 0)
            return;
        var sql = SqlQuote.Identifier(name);
        Assert.Equal(name, Assert.Single(Lex(sql)).Decode(sql));
    });

    [Fact]
    public void Literal_Nul_Throws() => Assert.Throws<ArgumentException>(() => SqlQuote.Literal("a\0"));

    [Fact]
    public void Identifier_Empty_Throws() => Assert.Throws<ArgumentException>(() => SqlQuote.Identifier(""));
}
