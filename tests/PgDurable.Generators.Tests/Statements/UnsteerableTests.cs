using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Sql;
using PgDurable.TestKit;

namespace PgDurable.Generators.Tests.Statements;

/// <summary>
/// Nothing that a role creates can steer the statements that the product itself sends: every function, relation, type and operator is
/// named with its schema. The statements are read from the sources, so that a new one can't be forgotten. (Functions of schema <c>df</c>
/// pin their search_path; CatalogTests checks that.)
/// </summary>
public sealed class UnsteerableTests
{
    private static readonly string[] Projects = ["PgDurable.Worker", "PgDurable.Sdk", "PgDurable.Cli", "PgDurable.EntityFrameworkCore"];
    private static readonly string[] Beginnings = ["SELECT ", "SELECT\n", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "CALL "];

    // These aren't functions, even before a parenthesis.
    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "COALESCE", "GREATEST", "LEAST", "EXISTS", "ARRAY", "ANY", "ALL", "ROW", "CAST", "VALUES", "AND", "OR", "NOT", "ON", "WHERE",
        "SELECT", "AS", "FROM", "LATERAL", "OPERATOR", "FILTER", "UNION", "BY", "WHEN", "THEN", "ELSE", "RETURNING", "JOIN",
    };

    // These find their operator through the search_path.
    private static readonly HashSet<string> Operators = new(StringComparer.OrdinalIgnoreCase)
    {
        "IN", "LIKE", "ILIKE", "SIMILAR", "BETWEEN", "NULLIF", "USING", "NATURAL", "OVERLAPS", "DISTINCT FROM",
    };

    // Texts that begin like a statement, but are examples or belong to the user.
    private static readonly string[] NotSent = ["SELECT df.grant_usage(", "SELECT * FROM df.running", "SELECT 1"];

    [Fact]
    public void Statements_OfTheProduct_QualifyEveryName()
    {
        var found = 0;
        var defects = new List<string>();
        foreach (var (place, text) in Projects.SelectMany(StatementsOf))
        {
            found++;
            defects.AddRange(DefectsOf(text).Select(defect => $"{place}: {defect}"));
        }
        Assert.True(found > 40, $"only {found} statements found");
        Assert.Empty(defects);
    }

    [Theory]
    [InlineData("SELECT now()", "now(")]
    [InlineData("SELECT pg_catalog.now() = $1", "=")]
    [InlineData("SELECT a FROM pg_roles", "pg_roles")]
    [InlineData("SELECT 1 FROM df.queue q JOIN submissions s ON true", "submissions")]
    [InlineData("SELECT $1::text", "::text")]
    [InlineData("SELECT NULLIF($1, '')", "NULLIF")]
    [InlineData("SELECT 1 WHERE $1 IN (1, 2)", "IN")]
    [InlineData("SELECT $1 IS DISTINCT FROM $2", "DISTINCT FROM")]
    [InlineData("INSERT INTO t VALUES (1)", "t")]
    [InlineData("SELECT q.a OPERATOR(<) 1 FROM df.queue q", "<")]
    public void Statement_ThatCanBeSteered_IsFound(string statement, string defect) =>
        Assert.Contains(DefectsOf(statement), found => found == defect);

    [Fact]
    public void Statement_ThatIsQualified_HasNoDefect() => Assert.Empty(DefectsOf(
        """
        SELECT pg_catalog.count(*), COALESCE(x.a, '')::pg_catalog.text
          FROM df.queue q JOIN LATERAL (SELECT 1 AS a) x ON q.a OPERATOR(pg_catalog.=) $1
         WHERE EXISTS (SELECT FROM df.workers w) AND q.b IS NULL ORDER BY q.a
        """));

    private static IEnumerable<(string Place, string Text)> StatementsOf(string project)
    {
        var folder = Path.Combine(RepositoryRoot.Path, "src", project);
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(file));
            foreach (var expression in tree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>())
            {
                if (expression.Parent is BinaryExpressionSyntax or ParenthesizedExpressionSyntax || TextOf(expression) is not { } text)
                    continue;
                if (!IsStatement(text) || NotSent.Any(text.Contains))
                    continue;
                var line = expression.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                yield return ($"{Path.GetRelativePath(RepositoryRoot.Path, file)}:{line}", text);
            }
        }
    }

    private static bool IsStatement(string text) =>
        Beginnings.Any(beginning => text.TrimStart().StartsWith(beginning, StringComparison.Ordinal));

    // A literal, an interpolated string, or a sum of them. Interpolations are names.
    private static string? TextOf(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax text => string.Concat(
            text.Contents.Select(part => part is InterpolatedStringTextSyntax constant ? constant.TextToken.ValueText : "df.x")),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when TextOf(sum.Left) is { } left =>
            left + (TextOf(sum.Right) ?? "df.x"),
        ParenthesizedExpressionSyntax inner => TextOf(inner.Expression),
        _ => null,
    };

    private static List<string> DefectsOf(string statement)
    {
        var words = new List<string>();
        var lexer = new SqlLexer(statement);
        while (lexer.Read(out var token))
            if (!token.IsGap)
                words.Add(token.TextIn(statement).ToString());

        var defects = new List<string>();
        var own = Enumerable.Range(1, Math.Max(words.Count - 3, 0))
            .Where(i => words[i - 1] is "WITH" or "RECURSIVE" or "," && words[i + 1] == "AS").Select(i => words[i]).ToHashSet();
        for (var i = 0; i < words.Count; i++)
        {
            var (before, word, after) = (i == 0 ? "" : words[i - 1], words[i], i + 1 == words.Count ? "" : words[i + 1]);
            if (IsSymbol(word) && !IsPunctuation(word, before, after) && !(before == "." && i > 3 && words[i - 4] == "OPERATOR"))
                defects.Add(word);
            else if (Is(word, "DISTINCT") && Is(after, "FROM"))
                defects.Add("DISTINCT FROM");
            else if (Operators.Contains(word))
                defects.Add(word);
            else if (IsName(word) && after == "(" && before != "." && !Keywords.Contains(word) && !IsAlias(words, i))
                defects.Add(word + "(");
            else if (before == "::" && after != ".")
                defects.Add("::" + word);
            else if (IsRelation(before, word, after) && !own.Contains(word))
                defects.Add(word);
        }
        return defects;
    }

    // "… u (a, b)" names columns.
    private static bool IsAlias(List<string> words, int i) =>
        i > 0 && (words[i - 1] == ")" || Is(words[i - 1], "AS") || Is(words[i - 1], "ORDINALITY"));

    private static bool IsRelation(string before, string word, string after) =>
        IsName(word) && after is not ("." or "(") && !(Is(word, "ROWS") && Is(after, "FROM"))
        && before.ToUpperInvariant() is "FROM" or "JOIN" or "INTO" or "UPDATE"
        && !Keywords.Contains(word);

    private static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string word) => char.IsAsciiLetter(word[0]) || word[0] is '_' or '"';

    private static bool IsSymbol(string word) => "+-*/<>=~!@#%^&|`?:".Contains(word[0]);

    private static bool IsPunctuation(string word, string before, string after) => word switch
    {
        "::" or "=>" or ":" => true,
        "*" => before is "(" or "." || Is(before, "SELECT") || (before == "," && after is "," or "FROM"),
        "-" => char.IsAsciiDigit(after.FirstOrDefault()),
        _ => false,
    };
}
