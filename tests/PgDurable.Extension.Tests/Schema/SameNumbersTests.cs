using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using PgDurable.Extension.Tests.Store;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Schema;

/// <summary>Compares the values that are written once in SQL and once in C#.</summary>
[Collection(StoreCollection.Name)]
public sealed partial class SameNumbersTests(StoreFixture fixture)
{
    [Fact]
    public async Task Limits_OfGraphs_AreTheSameInSql()
    {
        await using var user = await fixture.UserAsync();
        var limits = Constants("PgDurable.Graph.Limits")
            .ToDictionary(limit => Snake(limit.Name), limit => Convert.ToInt64(limit.Value, CultureInfo.InvariantCulture));
        foreach (var (name, value) in limits)
            Assert.Equal((name, value), (name, await user.ScalarAsync<long?>("SELECT df._graph_limit($1)", name)));

        var source = await user.ScalarAsync<string>("SELECT prosrc FROM pg_proc WHERE oid = 'df._graph_limit(text)'::regprocedure");
        Assert.Equal(limits.Keys.Order(), LimitName().Matches(source!).Select(match => match.Groups[1].Value).Order());
    }

    [Fact]
    public async Task KeysOfTags_AreTheSameInSql()
    {
        await using var user = await fixture.UserAsync();
        var type = typeof(Df).Assembly.GetType("PgDurable.Names.TagKey", throwOnError: true)!;
        Assert.Equal(
            (string[])type.GetField("Reserved")!.GetValue(null)!, await user.ScalarAsync<string[]>("SELECT df._search_words()"));

        var id = await user.ScalarAsync<string>("SELECT df.start('SELECT 1')");
        string[] keys = ["a", "_", "A.b-c_9", new('k', 64), "", "9a", "-a", "a b", "ä", "a\n", "STATUS", new('k', 65)];
        foreach (var key in keys)
        {
            var isValid = type.GetMethod("Problem")!.Invoke(null, [key]) is null;
            var error = await Record.ExceptionAsync(() => user.ScalarAsync<string>("SELECT df.tag($1, $2, 'v')", id!, key));
            Assert.Equal((key, isValid), (key, error is null));
        }
    }

    [Fact]
    public async Task Defaults_OfComposers_AreTheSameInSql()
    {
        await using var user = await fixture.UserAsync();
        var methods = typeof(Df).GetMethods(BindingFlags.Public | BindingFlags.Static).ToLookup(method => method.Name.ToLowerInvariant());
        var compared = 0;
        foreach (var row in await user.ColumnAsync<string>(
            """
            SELECT format('%s %s %s', p.proname, p.proargnames[a.n], pg_get_function_arg_default(p.oid, a.n))
              FROM pg_proc p, generate_series(p.pronargs - p.pronargdefaults + 1, p.pronargs) a (n)
             WHERE p.pronamespace = 'df'::regnamespace AND p.pronargdefaults > 0 AND p.proname NOT LIKE '\_%'
            """))
        {
            if (row.Split(' ', 3) is not [var function, var parameter, var value])
                throw new InvalidOperationException(row);
            foreach (var optional in methods[function.Replace("_", "", StringComparison.Ordinal)]
                .SelectMany(method => method.GetParameters())
                .Where(candidate => candidate.HasDefaultValue && Snake(candidate.Name!) == parameter))
            {
                Assert.Equal((row, Sql(optional.DefaultValue)), (row, Cast().Replace(value, "")));
                compared++;
            }
        }
        // At least those of df.retry and of the six functions for requests.
        Assert.InRange(compared, 30, int.MaxValue);
    }

    [Fact]
    public async Task ErrorCodes_OfTheSdk_AreThoseOfTheSourcesAndTheDocumentation()
    {
        string[] codes = [.. Constants(typeof(DurableErrorCodes).FullName!).Select(code => (string)code.Value!).Order()];
        var documented = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "errors.md"));
        Assert.Equal(codes, DocumentedCode().Matches(documented).Select(match => match.Groups[1].Value).Order());

        var sources = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*", SearchOption.AllDirectories).ToArray();
        var sql = string.Concat(sources.Where(file => Path.GetExtension(file) is ".sql" or ".c").Select(File.ReadAllText));
        Assert.Empty(Code().Matches(sql).Select(match => match.Value).Except(codes));
        // The generator, which can't load the Sdk, writes one of them into graphs.
        Assert.DoesNotContain(
            sources.Where(file =>
                Path.GetExtension(file) == ".cs" && Path.GetFileName(file) is not ("DurableErrorCodes.cs" or "UndoOnCancel.cs")),
            file => File.ReadAllText(file).Contains("\"DF0", StringComparison.Ordinal));
    }

    private static IEnumerable<(string Name, object? Value)> Constants(string type) =>
        typeof(Df).Assembly.GetType(type, throwOnError: true)!.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.Name, field.GetRawConstantValue()));

    private static string Snake(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    private static string Sql(object? value) => value switch
    {
        null => "NULL",
        string text => $"'{text}'",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex("WHEN '(\\w+)'")]
    private static partial Regex LimitName();

    [GeneratedRegex("::[a-z ]+(\\[\\])?$")]
    private static partial Regex Cast();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();

    [GeneratedRegex("DF0[0-9]{2}")]
    private static partial Regex Code();

    [GeneratedRegex("^\\| `(DF0[0-9]{2})` \\|", RegexOptions.Multiline)]
    private static partial Regex DocumentedCode();
}
