using PgDurable.Sql;
using static PgDurable.Engine.Tests.Sql.LexerTestExtensions;

namespace PgDurable.Engine.Tests.Sql;

public class SqlLexerTests
{
    [Fact]
    public void Read_AnyText_RoundTrips() => Texts.ForAll(sql =>
    {
        var position = 0;
        foreach (var token in Lex(sql))
        {
            Assert.Equal(position, token.Start);
            Assert.True(token.End > token.Start);
            Assert.InRange(token.ContentStart, token.Start, token.End);
            Assert.InRange(token.ContentEnd, token.ContentStart, token.End);
            position = token.End;
        }
        Assert.Equal(sql.Length, position);
    });

    [Theory]
    [InlineData("select größe$1", "Identifier:select Identifier:größe$1")]
    [InlineData("\"a\"\"b\" U&\"d\\0061\"", "QuotedIdentifier:\"a\"\"b\" UnicodeIdentifier:U&\"d\\0061\"")]
    [InlineData(
        @"'it''s\' E'it\'s' n'x' B'1' x'F' u&'a'",
        @"String:'it''s\' EscapeString:E'it\'s' NationalString:n'x' BitString:B'1' HexString:x'F' UnicodeString:u&'a'")]
    [InlineData("E 'a'", "Identifier:E String:'a'")]
    [InlineData("U & 'a'", "Identifier:U Operator:& String:'a'")]
    [InlineData("$$a$b$$ $t$ $$ $T$ $t$", "DollarString:$$a$b$$ DollarString:$t$ $$ $T$ $t$")]
    [InlineData("a$$b", "Identifier:a$$b")]
    [InlineData("$1$2 $1a$", "Parameter:$1 Parameter:$2 Parameter:$1 Identifier:a$")]
    [InlineData("$n.a", "Dollar:$ Identifier:n Punctuation:. Identifier:a")]
    [InlineData(
        "1 1.5 .5 1. 1e5 1E-5 1e 1..2 0x1F 1_000",
        "Number:1 Number:1.5 Number:.5 Number:1. Number:1e5 Number:1E-5 Number:1 "
        + "Identifier:e Number:1 Punctuation:.. Number:2 Number:0x1F Number:1_000")]
    [InlineData("1--2\n-3", "Number:1 LineComment:--2 Operator:- Number:3")]
    [InlineData(
        "a=-1 @-1 +-+ ?|/*x*/",
        "Identifier:a Operator:= Operator:- Number:1 Operator:@- Number:1 Operator:+ Operator:- Operator:+ Operator:?| BlockComment:/*x*/")]
    [InlineData("/* a /* b */ ' */ c", "BlockComment:/* a /* b */ ' */ Identifier:c")]
    [InlineData(
        "a::b[1:2];",
        "Identifier:a Punctuation::: Identifier:b Punctuation:[ Number:1 Punctuation:: Number:2 Punctuation:] Semicolon:;")]
    public void Read_Text_HasTokens(string sql, string tokens) => Assert.Equal(tokens, Describe(sql));

    [Theory]
    [InlineData("E'a' -- c\n '\\''", nameof(SqlTokenKind.EscapeString), true)]
    [InlineData("E'a' '\\'", nameof(SqlTokenKind.String), false)]
    [InlineData("E'a' /* c\n */ '\\'", nameof(SqlTokenKind.String), false)]
    [InlineData("E'a'\n + '\\'", nameof(SqlTokenKind.String), false)]
    [InlineData("x'1'\n'2'", nameof(SqlTokenKind.HexString), true)]
    public void Read_LiteralAfterLiteral_GoesOnOnlyOverALineBreak(string sql, string kind, bool isContinuation)
    {
        var last = Lex(sql)[^1];
        Assert.Equal(kind, last.Kind.ToString());
        Assert.Equal(isContinuation, last.IsContinuation);
        Assert.Null(last.Error);
    }

    [Theory]
    [InlineData("a 'b''", "unterminated quoted string", 2)]
    [InlineData("E'b\\", "unterminated quoted string", 0)]
    [InlineData("\"b", "unterminated quoted identifier", 0)]
    [InlineData("/* /* */", "unterminated /* comment", 0)]
    [InlineData("$a$ $b$", "unterminated dollar-quoted string", 0)]
    [InlineData("b'", "unterminated bit string literal", 0)]
    [InlineData("x'", "unterminated hexadecimal string literal", 0)]
    public void Read_Unterminated_ReachesTheEndWithAnError(string sql, string error, int start)
    {
        var last = Lex(sql)[^1];
        Assert.Equal(error, last.Error);
        Assert.Equal(start, last.Start);
        Assert.Equal(sql.Length, last.End);
    }
}
