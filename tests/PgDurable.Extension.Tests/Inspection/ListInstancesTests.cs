using System.Text;
using Npgsql;

namespace PgDurable.Extension.Tests.Inspection;

/// <summary>Both forms of df.list_instances: order, filters, pages, limits.</summary>
[Collection(InspectionCollection.Name)]
public sealed class ListInstancesTests(InspectionFixture fixture) : IAsyncLifetime
{
    // Each test has its own role, because a list shows all instances of a role.
    readonly string _role = "lister_" + Guid.NewGuid().ToString("N")[..8];

    public async Task InitializeAsync()
    {
        await fixture.Cluster.CreateRoleAsync(_role);
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_role} LOGIN; SELECT df.grant_usage('{_role}')");
    }

    public Task DisposeAsync() => fixture.Cluster.ExecuteAsync($"SELECT df.revoke_usage('{_role}')");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pages_OfInstancesOfOneMoment_HaveNoGapsAndNoDuplicates(int limit)
    {
        // One transaction has one created_at; two other moments follow.
        await fixture.TextAsync(_role, "SELECT count(df.start('SELECT ' || i)) FROM generate_series(1, 9) i");
        await fixture.TextAsync(_role, "SELECT count(df.start('SELECT ' || i)) FROM generate_series(1, 4) i");
        await fixture.TextAsync(_role, "SELECT df.start('SELECT 1')");
        var all = await fixture.ListAsync(_role, "SELECT instance_id FROM df.list_instances()");
        Assert.Equal(14, all.Count);
        Assert.Equal(await fixture.ListAsync(_role, "SELECT id FROM df.instances ORDER BY created_at DESC, id"), all);

        Assert.Equal(all, await WalkAsync(limit));
    }

    // Offsets with seconds, with half an hour, and a distant one: a cursor written in one zone is read in another.
    [Theory]
    [InlineData("Africa/Monrovia", "Asia/Kathmandu")]
    [InlineData("INTERVAL '05:17:32'", "UTC")]
    [InlineData("Pacific/Kiritimati", "INTERVAL '-03:00:01'")]
    public async Task Cursor_MadeInOneZone_IsReadInAnother(string first, string second)
    {
        await fixture.TextAsync(_role, "SELECT count(df.start('SELECT ' || i)) FROM generate_series(1, 3) i");
        var cursor = await fixture.TextAsync(_role,
            "SELECT next_cursor FROM set_config('TimeZone', $1, false), df.list_instances(NULL, 2, NULL) LIMIT 1", first);
        Assert.Matches(@"^v1\|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00\|[0-9a-f]{8}$",
            Encoding.UTF8.GetString(Convert.FromHexString(cursor)));
        Assert.Equal(cursor, cursor.ToLowerInvariant());
        Assert.Single(await fixture.ListAsync(_role,
            "SELECT instance_id FROM set_config('TimeZone', $1, false), df.list_instances(NULL, 2, NULL, $2)", second, cursor));
    }

    [Fact]
    public async Task Columns_OfThePagedForm_AreNine() => Assert.Equal(
        "instance_id label function_name status execution_count output created_at completed_at next_cursor",
        await fixture.TextAsync("postgres",
            "SELECT array_to_string(proargnames[5:], ' ') FROM pg_proc " +
            "WHERE oid = 'df.list_instances(text, integer, text, text)'::regprocedure"));

    [Fact]
    public async Task NextCursor_WhenThePageIsTheRest_IsNull()
    {
        await fixture.TextAsync(_role, "SELECT count(df.start('SELECT ' || i)) FROM generate_series(1, 3) i");
        Assert.Equal(["", "", ""], await fixture.ListAsync(_role, "SELECT next_cursor FROM df.list_instances(NULL, 3, NULL)"));
        Assert.Single((await fixture.ListAsync(_role, "SELECT next_cursor FROM df.list_instances(NULL, 2, NULL)")).Distinct());
        Assert.NotEqual("", await fixture.TextAsync(_role, "SELECT next_cursor FROM df.list_instances(NULL, 2, NULL)"));
    }

    [Fact]
    public async Task Filters_OfStatusAndLabel_Combine()
    {
        var done = await RecordedInstance.StartAsync(fixture, "'a'", _role, label: "x");
        await (await done.RecordAsync("0=1")).CompleteAsync(0);
        var failed = await RecordedInstance.StartAsync(fixture, "'a'", _role, label: "x");
        await (await failed.RecordAsync("0!no")).FailAsync("no");
        var cancelled = await RecordedInstance.StartAsync(fixture, "'a'", _role, label: "y");
        await cancelled.CancelAsync("why not");
        var running = await RecordedInstance.StartAsync(fixture, "'a'", _role, label: "x");
        var pending = await RecordedInstance.StartAsync(fixture, "'a'", _role, pending: true);

        foreach (var (status, instance) in new[] { ("completed", done), ("failed", failed), ("cancelled", cancelled), ("running", running),
            ("pending", pending) })
        {
            Assert.Equal([instance.Id], await fixture.ListAsync(_role, "SELECT instance_id FROM df.list_instances($1)", status));
            Assert.Equal([instance.Id], await fixture.ListAsync(_role, "SELECT instance_id FROM df.list_instances($1, 10, NULL)", status));
        }
        Assert.Empty(await fixture.ListAsync(_role, "SELECT instance_id FROM df.list_instances('unheard of')"));
        Assert.Equal([running.Id, failed.Id, done.Id],
            await fixture.ListAsync(_role, "SELECT instance_id FROM df.list_instances(NULL, 10, 'x')"));
        Assert.Equal([failed.Id], await fixture.ListAsync(_role, "SELECT instance_id FROM df.list_instances('failed', 10, 'x')"));
        Assert.Empty(await fixture.ListAsync(_role, "SELECT instance_id FROM df.list_instances('failed', 10, 'y')"));
        Assert.Equal(["pending|", "running|", "cancelled|canceled: why not", "failed|no", "completed|1"],
            await fixture.ListAsync(_role, "SELECT concat(status, '|', output) FROM df.list_instances()"));
    }

    [Fact]
    public async Task Forms_AndInfo_AgreeAboutAnInstance()
    {
        var loop = await RecordedInstance.StartAsync(fixture, "df.loop('a')", _role, label: "l");
        await loop.CarryAsync(0, 1, "0:41");
        const string Fields = "concat_ws('|', instance_id, label, function_name, status, execution_count, output)";
        var expected = $"{loop.Id}|l|pg_durable::orchestration::execute-function-graph|running|42";
        Assert.Equal(expected, await fixture.TextAsync(_role, $"SELECT {Fields} FROM df.list_instances()"));
        Assert.Equal(expected, await fixture.TextAsync(_role, $"SELECT {Fields} FROM df.list_instances(NULL, 1, NULL)"));
        Assert.Equal(expected + "|1.0.0", await loop.TextAsync(
            "SELECT concat_ws('|', instance_id, label, function_name, status, current_execution_id, output, function_version) " +
            "FROM df.instance_info($1)"));
        Assert.Equal("42", await loop.TextAsync("SELECT execution_count FROM df.instances WHERE id = $1"));
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("763")]
    [InlineData("ffff")]
    [InlineData("00")]
    [InlineData("=v1|not-a-timestamp|abc")]
    [InlineData("=v1|2026-13-45T00:00:00.000000+00|abc")]
    [InlineData("=v1|2026-01-01T00:00:00.000000+99|abc")]
    [InlineData("=v1|2026-01-01T00:00:00.000000+00|")]
    [InlineData("=v1|2026-01-01 00:00:00.000000+00|abc")]
    [InlineData("=v2|2026-01-01T00:00:00.000000+00|abc")]
    [InlineData("=v1|infinity|abc")]
    public async Task Cursor_ThatIsNone_IsRefused(string cursor)
    {
        if (cursor.StartsWith('='))
            cursor = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(cursor[1..]));
        var e = await Assert.ThrowsAsync<PostgresException>(() => fixture.ListAsync(_role,
            "SELECT * FROM df.list_instances(NULL, 5, NULL, $1)", cursor));
        Assert.Equal("df.list_instances: invalid after_cursor", e.MessageText);
    }

    [Fact]
    public async Task Cursor_InUpperCaseOrWithMinutesInItsOffset_IsAccepted()
    {
        await fixture.TextAsync(_role, "SELECT df.start('SELECT 1')");
        var cursor = Convert.ToHexString(Encoding.UTF8.GetBytes("v1|2999-01-01T00:00:00.000000+05:30|abc"));
        Assert.Single(await fixture.ListAsync(_role, "SELECT 1 FROM df.list_instances(NULL, 5, NULL, $1)", cursor));
        var tooLong = Convert.ToHexString(Encoding.UTF8.GetBytes("v1|2999-01-01T00:00:00.000000+05:30|" + new string('a', 300)));
        await Assert.ThrowsAsync<PostgresException>(() => fixture.ListAsync(_role, "SELECT 1 FROM df.list_instances(NULL, 5, NULL, $1)",
            tooLong));
    }

    [Theory]
    [InlineData("df.list_instances(NULL, 0)", "limit_count must be at least 1")]
    [InlineData("df.list_instances(NULL, -1, NULL)", "limit_count must be at least 1")]
    [InlineData("df.list_instances(NULL, NULL)", "limit_count must be at least 1")]
    [InlineData("df.list_instances(NULL, 4)", "list_instances_max_limit (3)")]
    [InlineData("df.list_instances(NULL, 4, NULL)", "list_instances_max_limit (3)")]
    public async Task Limit_OutOfBounds_IsRefused(string call, string message)
    {
        await fixture.Cluster.ExecuteAsync($"ALTER ROLE {_role} SET pg_durable.list_instances_max_limit = 3");
        var e = await Assert.ThrowsAsync<PostgresException>(() => fixture.ListAsync(_role, $"SELECT * FROM {call}"));
        Assert.Contains(message, e.MessageText, StringComparison.Ordinal);
        Assert.Empty(await fixture.ListAsync(_role, "SELECT * FROM df.list_instances(NULL, 3)"));
        Assert.Empty(await fixture.ListAsync(_role, "SELECT * FROM df.list_instances(NULL, 3, NULL)"));
    }

    [Fact]
    public async Task Superuser_SeesAllRolesInOneOrder()
    {
        await fixture.TextAsync(_role, "SELECT df.start('SELECT 1')");
        await fixture.TextAsync("dave", "SELECT df.start('SELECT 1')");
        await fixture.TextAsync(_role, "SELECT df.start('SELECT 1')");
        var expected = await fixture.ListAsync("postgres", "SELECT id FROM df.instances ORDER BY created_at DESC, id LIMIT 50");
        Assert.Equal(expected, await fixture.ListAsync("postgres", "SELECT instance_id FROM df.list_instances(NULL, 50)"));
    }

    // A role with few instances doesn't read those of others.
    [Fact]
    public async Task List_OfRoleAmongMany_ReadsItsOwnRowsOnly()
    {
        await fixture.TextAsync(_role, "SELECT df.start('SELECT 1')");
        var plan = string.Join('\n', await fixture.ListAsync(_role,
            """
            SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;
            EXPLAIN SELECT s.id FROM df.submissions s WHERE s.submitted_by = quote_ident(current_user)::regrole
            ORDER BY s.created_at DESC, s.id LIMIT 10
            """));
        Assert.Matches(@"Index (Only )?Scan using submissions_created_at_idx[\s\S]*Index Cond: [^\n]*submitted_by", plan);
    }

    async Task<List<string>> WalkAsync(int limit)
    {
        var walked = new List<string>();
        string? cursor = null;
        do
        {
            var page = await fixture.ListAsync(_role,
                "SELECT instance_id || ' ' || COALESCE(next_cursor, '') FROM df.list_instances(NULL, $1, NULL, $2)", limit, cursor);
            Assert.InRange(page.Count, 1, limit);
            walked.AddRange(page.Select(row => row.Split(' ')[0]));
            cursor = page[0].Split(' ')[1];
        }
        while (cursor is { Length: > 0 });
        return walked;
    }
}
