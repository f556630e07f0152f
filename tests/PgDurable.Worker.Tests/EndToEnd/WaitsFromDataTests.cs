namespace PgDurable.Worker.Tests.EndToEnd;

/// <summary>Waits whose time is a value of the input or of a step.</summary>
[Collection(WorkerCollection.Name)]
public sealed class WaitsFromDataTests(WorkerFixture fixture)
{
    [Theory]
    [InlineData("df.sleep('$input.seconds')", """{"slept":true,"seconds":0.05}""")]
    [InlineData("'SELECT interval ''50 ms'' AS pause' |=> 'd' ~> df.sleep('$d.pause')", """{"slept":true,"seconds":0.05}""")]
    [InlineData("'SELECT timestamptz ''2020-02-29 12:00:00.25+01'' AS at' |=> 'd' ~> df.sleep_until('$d.at')",
        """{"slept":true,"until":"2020-02-29T11:00:00.2500000Z"}""")]
    [InlineData("df.sleep_until('$input.at')", """{"slept":true,"until":"2020-01-01T00:00:00.0000000Z"}""")]
    [InlineData("df.sleep_until('2020-01-01 00:00:00+00')", """{"slept":true,"until":"2020-01-01T00:00:00.0000000Z"}""")]
    [InlineData("df.wait_for_signal('go', '$input.seconds')", """{"signal_name":"go","timed_out":true,"data":null}""")]
    [InlineData("df.wait_for_signal('go', 0.05)", """{"signal_name":"go","timed_out":true,"data":null}""")]
    public async Task Wait_OfATimeFromData_Ends(string graph, string result)
    {
        await using var user = await fixture.UserAsync();
        var id = await user.ScalarAsync<string>(
            $$"""SELECT df.start_graph({{graph}}, input => '{"seconds":0.05,"at":"2020-01-01T00:00:00Z"}')""");
        Assert.Equal("completed", await user.EndAsync(id));
        Assert.True(await user.ScalarAsync<bool>("SELECT df.result($1)::jsonb = $2::jsonb", id, result));
    }

    // Whatever a role has set for its sessions.
    [Fact]
    public async Task Wait_IntervalStyleAndTimeZoneOfTheRole_ChangeNothing()
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync(
            $"ALTER ROLE {user.Role} SET IntervalStyle = 'sql_standard'; ALTER ROLE {user.Role} SET TimeZone = 'Asia/Tokyo'; "
            + $"ALTER ROLE {user.Role} SET DateStyle = 'German'");
        await user.RunGraphToEndAsync(
            """
            'SELECT interval ''50 ms'' AS pause, timestamptz ''2020-01-01 12:00:00+00'' AS at, to_jsonb(interval ''50 ms'') AS json' |=> 'd'
            ~> df.sleep('$d.pause') ~> df.sleep('$d.json') ~> df.sleep_until('$d.at')
            """);
    }

    [Fact]
    public async Task Wait_ForNoDuration_SaysWhichValueIsNone()
    {
        await using var user = await fixture.UserAsync();
        var error = await user.ErrorAsync(await user.StartGraphAsync("'SELECT ''soon'' AS x' |=> 'd' ~> df.sleep('$d.x')"));

        Assert.Equal("22023", error.GetProperty("sqlstate").GetString());
        Assert.Equal("$d.x is \"soon\", which is not a duration", error.GetProperty("message").GetString());
    }
}
