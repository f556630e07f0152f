using System.Text.Json;

namespace PgDurable.Worker.Tests.Differential;

/// <summary>Pairs of a step and one that uses its value, as people write them. They are in <c>Pairs.txt</c>.</summary>
[Collection(OneConnection.Name)]
public sealed class PairTests(OneConnection fixture)
{
    private static readonly string File = Path.Combine(RepositoryRoot.Path, "tests", "PgDurable.Worker.Tests", "Differential", "Pairs.txt");

    private const string Setup = """
        CREATE TYPE colour AS ENUM ('red', 'green');
        CREATE DOMAIN posint AS int CHECK (VALUE > 0);
        CREATE SEQUENCE counter;
        CREATE TABLE f (i int, t text, c char(4), u uuid, d date, ts timestamp, colour colour);
        INSERT INTO f VALUES (1, 'abc', 'abc', '00000000-0000-0000-0000-000000000001', '2026-01-31', '2026-01-31 12:00', 'red'),
                             (2, '00000000-0000-0000-0000-000000000001', 'ab', '00000000-0000-0000-0000-000000000002',
                              '2026-02-28', '2026-02-28 12:00', 'green'),
                             (3, '2.50', 'c', '00000000-0000-0000-0000-000000000003', NULL, NULL, NULL);
        CREATE TABLE w (i int, small smallint, big bigint, n numeric, t text, b boolean, d date, ts timestamp,
                        iv interval, hours interval hour, u uuid, ip inet, colour colour, rc regclass, js json, j jsonb,
                        a int[], r int4range, bin bytea, bits bit(3), cash money, positive posint);
        CREATE TABLE w1 AS SELECT 0 AS n, 'green'::colour AS colour;
        CREATE TABLE js AS SELECT '{"id": 2, "name": "abc", "price": "2.55", "day": "2026-01-31",
            "uuid": "00000000-0000-0000-0000-000000000002", "address": "10.0.0.1", "on": true,
            "doc": {"a": 1}, "list": [1, 2, 3]}'::jsonb AS j;
        UPDATE js SET j = j || '{"a": 1}';
        CREATE FUNCTION f_int(v int) RETURNS text LANGUAGE sql AS 'SELECT ''int '' || v';
        CREATE FUNCTION f_numeric(v numeric) RETURNS text LANGUAGE sql AS 'SELECT ''numeric '' || v';
        CREATE FUNCTION f_date(v date) RETURNS text LANGUAGE sql AS 'SELECT ''date '' || v';
        CREATE FUNCTION f_colour(v colour) RETURNS text LANGUAGE sql AS 'SELECT ''colour '' || v';
        CREATE FUNCTION f_any(v anyelement) RETURNS text LANGUAGE sql AS 'SELECT pg_typeof(v)::text';
        """;

    [Fact]
    public async Task Step_ThatUsesAValue_Works()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(Setup);
        var lines = await System.IO.File.ReadAllLinesAsync(File);
        var pairs = lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(" | ")).ToArray();
        var ids = await user.ScalarAsync<string[]>(
            "SELECT array_agg(df.start(df.as(a, 'x') ~> b) ORDER BY i) FROM unnest($1, $2) WITH ORDINALITY u (a, b, i)",
            pairs.Select(pair => pair[0]).ToArray(), pairs.Select(pair => pair[1]).ToArray());

        var written = new List<string>();
        for (var (line, pair) = (0, 0); line < lines.Length; line++)
            written.Add(lines[line].Length == 0 || lines[line][0] == '#'
                ? lines[line] : $"{pairs[pair][0]} | {pairs[pair][1]} | {await EndAsync(user, ids[pair], pairs[pair++])}");
        if (Environment.GetEnvironmentVariable("PGDURABLE_ACCEPT") == "1")
            await System.IO.File.WriteAllLinesAsync(File, written);

        Assert.Equal(await System.IO.File.ReadAllLinesAsync(File), written);
        Assert.DoesNotContain(written, line => line.EndsWith(": why?", StringComparison.Ordinal));
        Assert.True(written.Count(line =>
            line.Contains(" | ", StringComparison.Ordinal) && !line.Contains(" | ✗ ", StringComparison.Ordinal)) >= 200);
    }

    private static async Task<string> EndAsync(TestUser user, string id, string[] pair)
    {
        if (await user.ScalarAsync<string>("SELECT df.await_instance($1, 60)", id) == "failed")
        {
            var failed = $"✗ {(await user.ErrorAsync(id)).GetProperty("sqlstate").GetString()}";
            // The reason is a person's.
            return pair.Length > 2 && pair[2].StartsWith(failed, StringComparison.Ordinal) ? pair[2] : $"{failed}: why?";
        }
        var rows = (await user.ResultAsync(id)).GetProperty("rows").EnumerateArray().ToArray();
        return rows.Length == 0 ? "no rows" : string.Join(", ", rows[0].EnumerateObject()
            .Select(column => column.Value.ValueKind == JsonValueKind.String ? column.Value.GetString() : column.Value.GetRawText()));
    }
}
