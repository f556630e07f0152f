using PgDurable.Worker.Tests.Client;

namespace PgDurable.Worker.Tests.Typed;

/// <summary>Whatever a text is, it arrives as it was, through every kind of hole.</summary>
public sealed class HostileTests(HostileTests.Fixture fixture) : IClassFixture<HostileTests.Fixture>
{
    public static TheoryData<string> Texts => new()
    {
        "it's",
        "\\' OR 1=1 --",
        "'); DROP TABLE orders; --",
        "$$ $x$ $input.text $plain.text? $1 $",
        "{input.text} {x} {{ }} {sys_label}",
        "\"quoted\" \\\\ \\u0041 \t\r\n\u0001\u007f",
        "漢字 🐘 ü \u2028 \uFEFF",
        "/* -- */ ; SELECT 1",
        "{\"rows\":[{\"text\":\"other\"}],\"row_count\":1}",
        "null",
        "",
        new string('x', 999_990) + "'\\\"$$🐘",
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_ThroughEveryHole_ArrivesAsItWas(string text)
    {
        TestServer? started = null;
        await using var server = started = await TestServer.StartAsync(
            context => TestServer.Bytes(started!.Request.Body, "application/json")(context));
        var run = await Hostile.StartAsync(fixture.Client, new(text, server.Url, new(text)));
        await Hostile.SignalTextAsync(fixture.Client, run.InstanceId, new(text));

        var arrived = await run.ResultAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(
            new Hostile.Arrived(text, $"<{text}>", $"<{text}>", text, text, text, text, $"<{text}>", text, text, text, text, text),
            arrived);
    }

    [Fact]
    public async Task Nul_IsRefusedBeforeAnythingIsStored()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Echo.StartAsync(fixture.Client, new("a\0b"), new() { Label = "nul" }));

        Assert.Contains("\\u0000", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await fixture.User.ScalarAsync<long>("SELECT count(*) FROM df.instances WHERE label = 'nul'"));
    }

    public sealed class Fixture : IAsyncLifetime
    {
        private PgCluster _cluster = null!;
        private ClientUser _user = null!;

        public TestUser User => _user.User;

        public DurableClient Client => _user.Client;

        public async Task InitializeAsync()
        {
            _cluster = await Clusters.WithExtensionAsync(
                worker: true, ("pg_durable.http_allowed_hosts", "127.0.0.1"), ("pg_durable.http_allow_private_addresses", "on"),
                ("pg_durable.http_max_request_bytes", "16MB"));
            _user = await ClientUser.CreateAsync(_cluster);
            await _cluster.ExecuteAsync($"SELECT df.grant_usage('{User.Role}', include_http => true)");
            await using var connection = await _user.DataSource.OpenConnectionAsync();
            await PgDurableRegistration.RegisterAsync(connection, [Echo.Definition]);
        }

        public async Task DisposeAsync()
        {
            await _user.DisposeAsync();
            await _cluster.DisposeAsync();
        }
    }
}
