using System.Data;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using PgDurable.Generators.Sql;
using PgDurable.TestKit;

namespace PgDurable.Generators.Tests.Sql;

/// <summary>The columns that are read from a statement's text are those that a server describes.</summary>
public sealed class SelectListServerTests : IAsyncLifetime
{
    // What an interpolation may become when the step runs.
    private static readonly string[] Values = ["NULL", "'1'", "1", "(-1)", "('1'::pg_catalog.int8)", "('x'::pg_catalog.text)", "true"];

    private readonly Dictionary<string, uint> _oids = new(StringComparer.Ordinal);
    private PgCluster _cluster = null!;
    private NpgsqlConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PgCluster.StartAsync();
        await _cluster.ExecuteAsync("DROP SCHEMA IF EXISTS sample CASCADE;" + Statements.Schema);
        _connection = await _cluster.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _cluster.ExecuteAsync("DROP SCHEMA sample CASCADE");
        await _cluster.DisposeAsync();
    }

    [Fact]
    public void Corpus_IsReadAsTheServerDescribesIt()
    {
        var statements = Statements.Corpus.ToArray();

        var valid = statements.Count(Agrees);

        // Otherwise the corpus proves little.
        Assert.True(valid > statements.Length * 9 / 10, $"{valid} of {statements.Length} statements are valid.");
    }

    [Fact]
    public void Combinations_AreReadAsTheServerDescribesThem()
    {
        var tests = int.Parse(Environment.GetEnvironmentVariable("PGDURABLE_SELECT_LISTS") ?? "1500", CultureInfo.InvariantCulture);
        var valid = 0;

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(Statements.Combinations, sql => valid += Agrees(sql) ? 1 : 0));

        Assert.True(valid > tests / 5, $"{valid} of {tests} statements are valid.");
    }

    /// <summary>Whether the server accepts the statement. Fails if the server describes it differently.</summary>
    private bool Agrees(string sql)
    {
        var list = SelectList.Read(sql);
        var described = false;
        foreach (var value in sql.Contains('\x01', StringComparison.Ordinal) ? Values : [""])
        {
            if (Describe(sql.Replace("\x01", value, StringComparison.Ordinal)) is not { } columns)
                continue;
            described = true;
            Assert.True(list is not null, $"{sql}: nothing was read");
            if (!list.IsOpen)
            {
                Assert.True(list.Columns.Count == columns.Count, $"{sql}: {list.Columns.Count} columns were read of {columns.Count}");
                foreach (var (read, actual) in list.Columns.Zip(columns))
                    Assert.True(Fits(read, actual), $"{sql}: {read} was read, it is {actual}");
            }

            Assert.All(list.Columns, column => Assert.True(columns.Any(other => Fits(column, other)), $"{sql}: there is no {column}"));
        }

        return described;
    }

    private bool Fits(SelectColumn read, (string Name, uint Type) actual) =>
        (read.Name is null || read.Name == actual.Name) && (read.Type is null || Oid(read.Type) == actual.Type);

    private IReadOnlyList<(string Name, uint Type)>? Describe(string sql)
    {
        try
        {
            using var command = new NpgsqlCommand(sql, _connection);
            using var reader = command.ExecuteReader(CommandBehavior.SchemaOnly);
            return [.. reader.GetColumnSchema().Select(column => (column.ColumnName, column.TypeOID))];
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    private uint Oid(string type)
    {
        if (!_oids.TryGetValue(type, out var oid))
        {
            using var command = new NpgsqlCommand("SELECT $1::regtype::oid", _connection) { Parameters = { new() { Value = type } } };
            _oids.Add(type, oid = (uint)command.ExecuteScalar()!);
        }

        return oid;
    }
}
