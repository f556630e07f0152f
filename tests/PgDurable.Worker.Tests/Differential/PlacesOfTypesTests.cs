using System.Text;
using System.Text.Json;
using Npgsql;

namespace PgDurable.Worker.Tests.Differential;

/// <summary>
/// A value of each type in each kind of place: what PostgreSQL makes of the literal without a type, and of the one with the column's own
/// type, and what a step makes of a reference. It works wherever one of the two literals does, with parameters and without.
/// <c>PlacesOfTypes.txt</c> says which, and is written anew with <c>PGDURABLE_ACCEPT=1</c>, to be read.
/// </summary>
[Collection(OneConnection.Name)]
public sealed class PlacesOfTypesTests(OneConnection fixture)
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "PgDurable.Worker.Tests", "Differential");
    private static readonly string Table = Path.Combine(Folder, "PlacesOfTypes.txt");

    /// <summary>A type, and a literal of it without a type, as results have the value.</summary>
    private sealed record Typed(string Type, string Untyped)
    {
        public string Literal => Untyped is "NULL" || Untyped[0] == '\'' ? $"({Untyped}::{Type})" : $"('{Untyped}'::{Type})";

        public override string ToString() => $"{Untyped}::{Type}";
    }

    private static readonly Typed[] Values =
    [
        new("int2", "5"), new("int4", "5"), new("int8", "5"), new("int4", "-5"), new("numeric", "'5'"), new("numeric", "'2.50'"),
        new("float4", "2.5"), new("float8", "2.345"), new("bool", "true"), new("text", "'5'"), new("text", "'abc'"), new("text", "'red'"),
        new("text", "'2026-01-31'"), new("text", "'{\"a\": 1}'"), new("text", "'{b,c}'"),
        new("text", "'6e1f0a52-9d4c-4e5b-8f0a-1c2d3e4f5a6b'"), new("varchar", "'abc'"), new("varchar", "'5'"), new("bpchar", "'ab  '"),
        new("name", "'abc'"), new("bytea", "'\\x616263'"), new("uuid", "'6e1f0a52-9d4c-4e5b-8f0a-1c2d3e4f5a6b'"),
        new("date", "'2026-01-31'"), new("time", "'12:30:00'"), new("timestamp", "'2026-01-31T12:30:00'"),
        new("timestamptz", "'2026-01-31T12:30:00+00:00'"), new("interval", "'3 days'"), new("inet", "'10.0.0.1'"), new("json", "'[1,2]'"),
        new("jsonb", "'{\"a\":1}'"), new("int4[]", "'{1,2}'"), new("text[]", "'{\"a\",\"b\"}'"), new("colour", "'red'"),
        new("int4range", "'[1,5)'"), new("regclass", "'f'"), new("text", "NULL"), new("int4", "NULL"),
    ];

    // $v is the value; f and h have one row, and only h changes.
    private static readonly string[] Places =
    [
        .. ((string[])["i", "l", "n", "d", "o", "t", "v", "c", "dt", "ts", "tz", "iv", "u", "e", "ip", "j", "a", "r"])
            .Select(column => $"SELECT ({column} = $v)::text FROM f"),
        .. ((string[])["i", "l", "n", "d", "o", "t", "v", "c", "dt", "ts", "tz", "iv", "u", "e", "ip",
            "rc", "js", "j", "b", "a", "ta", "r", "p"])
            .Select(column => $"INSERT INTO g ({column}) VALUES ($v) RETURNING {column}::text"),
        "UPDATE h SET i = $v RETURNING i::text", "UPDATE h SET e = $v RETURNING e::text", "UPDATE h SET j = $v RETURNING j::text",
        "UPDATE h SET t = $v RETURNING t::text",
        "INSERT INTO g (i) SELECT $v RETURNING i::text", "INSERT INTO g (dt, t) VALUES ($v, 'x'), ('2026-01-01', $v) RETURNING t",
        "SELECT repeat('*', $v)", "SELECT left('abcdefgh', $v)", "SELECT lpad('x', $v)", "SELECT substr('abcdefgh', $v)", "SELECT chr($v)",
        "SELECT make_date($v, 1, 1)::text", "SELECT upper($v)", "SELECT length($v)::text", "SELECT round($v, 2)::text",
        "SELECT abs($v)::text", "SELECT date_trunc('day', $v)::text", "SELECT to_char($v, '999')", "SELECT jsonb_array_length($v)::text",
        "SELECT json_array_length($v)::text", "SELECT to_jsonb($v)::text", "SELECT jsonb_build_object('k', $v)::text",
        "SELECT quote_literal($v)", "SELECT array_append(ARRAY['x'], $v)::text", "SELECT array_length($v, 1)::text", "SELECT md5($v)",
        "SELECT concat('a', $v)", "SELECT format('%s', $v)", "SELECT generate_series(4, $v)::text", "SELECT f_int($v)", "SELECT f_text($v)",
        "SELECT f_date($v)", "SELECT f_numeric($v)", "SELECT f_any($v)", "SELECT f_two($v)",
        "SELECT has_table_privilege($v, 'SELECT')::text", "SELECT coalesce($v, 0)::text", "SELECT coalesce($v, 'z')::text",
        "SELECT coalesce(t, $v)::text FROM f", "SELECT greatest($v, 1)::text", "SELECT nullif($v, 1)::text",
        "SELECT CASE WHEN true THEN $v ELSE 1 END::text", "SELECT CASE $v WHEN 5 THEN 'five' ELSE 'other' END",
        "SELECT (SELECT 1 UNION SELECT $v ORDER BY 1 LIMIT 1)::text",
        "SELECT 'x' || $v", "SELECT $v || 'x'", "SELECT ($v || $v)::text", "SELECT (ARRAY['x'] || $v)::text",
        "SELECT (ARRAY[1] || $v)::text", "SELECT ('{\"b\": 2}'::jsonb || $v)::text", "SELECT ($v + 1)::text",
        "SELECT (dt + $v)::text FROM f", "SELECT (ts - $v)::text FROM f", "SELECT ($v * 2.5)::text", "SELECT (1-$v)::text",
        "SELECT ($v IN (1, 5))::text", "SELECT ($v IN ('abc', 'red'))::text", "SELECT (i IN ($v, 7))::text FROM f",
        "SELECT (i BETWEEN 1 AND $v)::text FROM f", "SELECT (dt BETWEEN $v AND '2030-01-01')::text FROM f", "SELECT (i > $v)::text FROM f",
        "SELECT (t LIKE $v)::text FROM f", "SELECT (t ~ $v)::text FROM f", "SELECT (5 = ANY ($v))::text", "SELECT ('a' = ANY ($v))::text",
        "SELECT ($v IS NULL)::text", "SELECT 'a' FROM generate_series(1, 9) LIMIT $v", "SELECT 'a' FROM generate_series(1, 9) OFFSET $v",
        "SELECT $v::int::text", "SELECT $v::text", "SELECT $v::date::text", "SELECT $v::jsonb::text", "SELECT $v::uuid::text",
        "SELECT $v::colour::text", "SELECT $v::numeric(6, 1)::text", "SELECT CAST($v AS varchar(2))", "SELECT $v::posint::text",
        "SELECT date $v::text", "SELECT ($v -> 'a')::text", "SELECT $v ->> 'a'", "SELECT '{\"abc\": 1, \"5\": 2}'::jsonb ->> $v",
        "SELECT '[1, 2, 3, 4, 5, 6]'::jsonb ->> $v", "SELECT (j @> $v)::text FROM f", "SELECT (j ? $v)::text FROM f",
        "SELECT (ARRAY[1, 2, 3, 4, 5])[$v]::text", "SELECT ($v)[1]::text", "SELECT ARRAY[$v]::text", "SELECT ARRAY[$v, 1]::text",
        "SELECT ROW($v)::text", "SELECT (r @> $v)::text FROM f", "SELECT ($v)::text AS x GROUP BY 1", "SELECT 'a' FROM f ORDER BY $v",
        "SELECT x::text FROM (VALUES ($v), (NULL)) w (x) LIMIT 1",
        "SELECT x::text FROM (SELECT $v AS x) s", "WITH w AS (SELECT $v AS x) SELECT x::text FROM w",
        "SELECT count(*)::text FROM f WHERE i = $v OR t = $v",
        "SELECT string_agg(x, $v) FROM unnest(ARRAY['x', 'y']) x", "SELECT array_agg($v)::text", "SELECT max($v)::text",
    ];

    private const string Setup = """
        CREATE TYPE colour AS ENUM ('red', 'green');
        CREATE DOMAIN posint AS int CHECK (VALUE > 0);
        CREATE TABLE f (i int4, l int8, n numeric(10, 2), d float8, o bool, t text, v varchar(40), c char(4),
                        dt date, ts timestamp, tz timestamptz, iv interval, u uuid, e colour, ip inet, rc regclass,
                        js json, j jsonb, b bytea, a int4[], ta text[], r int4range, p posint);
        INSERT INTO f VALUES (5, 5, 5, 2.345, true, 'abc', 'abc', 'ab',
                              '2026-01-31', '2026-01-31 12:30', '2026-01-31 12:30+00', '3 days',
                              '6e1f0a52-9d4c-4e5b-8f0a-1c2d3e4f5a6b', 'red', '10.0.0.1', 'f',
                              '[1,2]', '{"a": 1}', '\x616263', '{1,2}', '{a,b}', '[1,5)', 5);
        CREATE TABLE g (LIKE f);
        CREATE TABLE h AS SELECT * FROM f;
        CREATE FUNCTION f_int(v int) RETURNS text LANGUAGE sql AS 'SELECT ''int '' || v';
        CREATE FUNCTION f_text(v text) RETURNS text LANGUAGE sql AS 'SELECT ''text '' || v';
        CREATE FUNCTION f_date(v date) RETURNS text LANGUAGE sql AS 'SELECT ''date '' || v';
        CREATE FUNCTION f_numeric(v numeric) RETURNS text LANGUAGE sql AS 'SELECT ''numeric '' || v';
        CREATE FUNCTION f_any(v anyelement) RETURNS text LANGUAGE sql AS 'SELECT pg_typeof(v) || '' '' || v::text';
        CREATE FUNCTION f_two(v int) RETURNS text LANGUAGE sql AS 'SELECT ''int '' || v';
        CREATE FUNCTION f_two(v text) RETURNS text LANGUAGE sql AS 'SELECT ''text '' || v';
        """;

    /// <summary>What a statement gives: its values as text, or the SQLSTATE.</summary>
    private readonly record struct Outcome(string? Value, string? SqlState)
    {
        public bool Works => SqlState is null;
    }

    [Fact]
    public async Task Reference_WorksWhereverALiteralDoes()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(Setup);
        var pairs = (from value in Values from place in Places select (Value: value, Place: place)).ToArray();
        var steps = await RunAsync(user, pairs);
        await using var direct = await user.ConnectAsync();
        await ExecuteAsync(direct,
            $"SET search_path = {user.Schema}, public; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'");

        var cells = new Dictionary<(Typed, string), char>();
        var wrong = new StringBuilder();
        for (var i = 0; i < pairs.Length; i++)
        {
            var (value, place) = pairs[i];
            var untyped = await DirectlyAsync(
                direct, place.Replace("$v", value.Untyped[0] == '-' ? $"({value.Untyped})" : value.Untyped, StringComparison.Ordinal));
            var typed = await DirectlyAsync(direct, place.Replace("$v", value.Literal, StringComparison.Ordinal));
            var step = steps[i];
            cells[(value, place)] = Cell(untyped, typed, step) is { } cell ? cell : '!';
            if (cells[(value, place)] == '!')
                wrong.AppendLine($"{value} in {place}\n    without a type {untyped}\n    with its type {typed}\n    a step {step}");
        }
        Assert.True(wrong.Length == 0, wrong.ToString());

        var table = Write(cells);
        if (Environment.GetEnvironmentVariable("PGDURABLE_ACCEPT") == "1")
            await File.WriteAllTextAsync(Table, table);
        Assert.Equal(await File.ReadAllTextAsync(Table), table);
    }

    /// <summary>What a step did, in a letter; null when it is not allowed.</summary>
    private static char? Cell(Outcome untyped, Outcome typed, Outcome step) => (untyped.Works, typed.Works) switch
    {
        (true, true) when untyped == typed => step == typed ? '=' : null,
        (true, true) => step == typed ? 'T' : step == untyped ? 'U' : null,
        (false, true) => step == typed ? 't' : null,
        (true, false) => step == untyped ? 'u' : null,
        _ => step.Works ? null : '.',
    };

    private const string Legend = """
        # A value of each type (columns) in each kind of place (rows), as PlacesOfTypesTests found it. PGDURABLE_ACCEPT=1 writes it anew.
        #
        #   =  the literal with and without a type mean the same, and so does the reference
        #   t  only the literal with a type works, and the reference is like it
        #   u  only the literal without a type works, and the reference is like it
        #   T  both work and mean different things; the reference is like the one with a type
        #   U  both work and mean different things; the reference is like the one without
        #   .  nothing works

        """;

    private static string Write(Dictionary<(Typed, string), char> cells)
    {
        var text = new StringBuilder(Legend);
        for (var i = 0; i < Values.Length; i++)
            text.Append('#').Append(' ', 1 + i).Append("v ").Append(Values[i]).Append('\n');
        foreach (var place in Places)
            text.Append("  ").Append(string.Concat(Values.Select(value => cells[(value, place)]))).Append("  ").Append(place).Append('\n');
        return text.ToString();
    }

    /// <summary>Each pair as two steps; the second one with parameters, and with literals.</summary>
    private static async Task<Outcome[]> RunAsync(TestUser user, (Typed Value, string Place)[] pairs)
    {
        var steps = pairs.Select(pair => $"SELECT {pair.Value.Literal} AS v").ToArray();
        var places = pairs.Select(pair => pair.Place.Replace("$v", "$v?", StringComparison.Ordinal)).ToArray();
        // Behind a comment a statement is not prepared.
        var ids = await user.ScalarAsync<string[]>(
            "SELECT array_agg(df.start(df.as(step, 'v') ~> df.join(place, '/* */' || place)) ORDER BY i) "
                + "FROM unnest($1, $2) WITH ORDINALITY u (step, place, i)", steps, places);
        var outcomes = new Outcome[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            if (await user.ScalarAsync<string>("SELECT df.await_instance($1, 120)", ids[i]) == "failed")
            {
                outcomes[i] = new Outcome(null, (await user.ErrorAsync(ids[i])).GetProperty("sqlstate").GetString());
                continue;
            }
            var branches = (await user.ResultAsync(ids[i])).EnumerateArray().Select(Text).Distinct().ToArray();
            outcomes[i] = new Outcome(branches.Length == 1 ? branches[0] : $"not the same: {string.Join(" / ", branches)}", null);
        }
        return outcomes;
    }

    private static string Text(JsonElement result) =>
        string.Join('\n', result.GetProperty("rows").EnumerateArray()
            .Select(row => string.Join('|', row.EnumerateObject().Select(column => Value(column.Value)))));

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "␀",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private static async Task<Outcome> DirectlyAsync(NpgsqlConnection connection, string statement)
    {
        try
        {
            await using var command = new NpgsqlCommand(statement, connection) { AllResultTypesAreUnknown = true };
            var rows = new List<string>();
            await using (var reader = await command.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                    rows.Add(string.Join(
                        '|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "␀" : reader.GetString(i))));
            }
            return new Outcome(string.Join('\n', rows), null);
        }
        catch (PostgresException e)
        {
            return new Outcome(null, e.SqlState);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
