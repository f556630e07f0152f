using PgDurable.Sql;

namespace PgDurable.Engine.Tests.Sql;

public class SqlStatementsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData(" ; -- a;\n /* ; */ ;", 0)]
    [InlineData("SELECT 1", 1)]
    [InlineData("SELECT 1;;", 1)]
    [InlineData("SELECT ';'; SELECT $$;$$", 2)]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)", 1)]
    [InlineData("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3", 2)]
    [InlineData("create or replace procedure p() begin atomic select 1 AS end; select t.end from t; end", 1)]
    [InlineData("BEGIN; SELECT 1; END", 3)]
    [InlineData("SELECT 1); SELECT 2", 2)]
    public void Count_Text_IsItsStatements(string sql, int count) => Assert.Equal(count, SqlStatements.Count(sql));

    [Theory]
    [InlineData("/* a */ -- b\n ; select 1", "SELECT")]
    [InlineData("(select 1)", null)]
    [InlineData("", null)]
    public void FirstKeyword_Text_SkipsComments(string sql, string? keyword) => Assert.Equal(keyword, SqlStatements.FirstKeyword(sql));

    [Theory]
    [InlineData("begin", true)]
    [InlineData("/* x */ Start Transaction", true)]
    [InlineData("COMMIT PREPARED 'x'", true)]
    [InlineData("END", true)]
    [InlineData("ROLLBACK TO a", true)]
    [InlineData("ABORT", true)]
    [InlineData("SAVEPOINT a", true)]
    [InlineData("RELEASE a", true)]
    [InlineData("PREPARE TRANSACTION 'x'", true)]
    [InlineData("SELECT 1; COMMIT", true)]
    [InlineData("PREPARE q AS SELECT 1", false)]
    [InlineData("SELECT 'COMMIT'", false)]
    [InlineData("SELECT 1 AS commit", false)]
    [InlineData("DO $$ BEGIN COMMIT; END $$", false)]
    public void IsTransactionControl_Text_LooksAtFirstWords(string sql, bool expected) =>
        Assert.Equal(expected, SqlStatements.IsTransactionControl(sql));

    [Theory]
    [InlineData("")]
    [InlineData("SELECT 1;")]
    [InlineData("DO $$ BEGIN PERFORM 1; END $$")]
    public void Check_RunnableText_IsNull(string sql) => Assert.Null(SqlStatements.Check(sql));

    [Theory]
    [InlineData("SELECT 1; SELECT 2", "a step is one SQL statement, found 2")]
    [InlineData("commit", "a step can't control transactions: COMMIT")]
    [InlineData("SELECT 1; COMMIT", "a step can't control transactions: COMMIT")]
    [InlineData("SELECT 'a", "unterminated quoted string at position 8")]
    [InlineData("SELECT 1 /* a", "unterminated /* comment at position 10")]
    public void Check_OtherText_SaysWhy(string sql, string message) =>
        Assert.StartsWith(message, SqlStatements.Check(sql), StringComparison.Ordinal);

    [Fact]
    public void Check_AnyText_Returns() => Texts.ForAll(sql => SqlStatements.Check(sql));
}
