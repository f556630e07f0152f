using PgDurable.Graph;

namespace PgDurable.Sdk.Tests.Shared;

public sealed class SqlTextWriterTests
{
    [Fact]
    public void Write_Steps_HasOneOnEachLine() =>
        Assert.Equal(
            """
            ('SELECT 1' |=> 'order')
              ~> 'SELECT $order'
              ~> ('SELECT 2' |=> 'x')
            """,
            SqlTextWriter.Write([new("SELECT 1", "order"), new("SELECT $order"), new("SELECT 2", "x")]));

    [Theory]
    [InlineData("it's", "'it''s'")]
    [InlineData(@"a\b", @"E'a\\b'")]
    [InlineData(@"'\'", @"E'''\\'''")]
    [InlineData("a\nb", "'a\nb'")]
    [InlineData("", "''")]
    public void Write_Literal_IsQuotedForAnySetting(string sql, string expected) => Assert.Equal(expected, SqlTextWriter.Write([new(sql)]));
}
