using Npgsql;

namespace PgDurable.Worker.Tests.Fairness;

/// <content>What the noisy neighbour does.</content>
public sealed partial class NoisyNeighbourTests
{
    async Task<Noise> AttackAsync(string attack, TestUser attacker, CancellationToken over)
    {
        var noise = new Noise(over);
        switch (attack)
        {
            case "long steps":
                await attacker.ExecuteAsync("SELECT df.start('SELECT pg_sleep(100000)') FROM generate_series(1, 60)");
                await BusyAsync(10);
                break;
            case "long steps of every kind":
                await attacker.ExecuteAsync("""
                    SELECT df.start('SELECT pg_sleep(100000)') FROM generate_series(1, 20);
                    SELECT df.start('SELECT pg_sleep(100000)', database => 'template1') FROM generate_series(1, 20);
                    SELECT df.start(df.join(
                        df.join('SELECT pg_sleep(100000)', 'SELECT pg_sleep(100000)'),
                        df.join('SELECT pg_sleep(100000)', 'SELECT pg_sleep(100000)'))) FROM generate_series(1, 20)
                    """);
                await BusyAsync(10);
                break;
            case "slow requests":
                noise.Server = new SilentServer();
                await attacker.ExecuteAsync($"SELECT df.start(df.http('http://localhost:{noise.Server.Port}/', 'GET', NULL, NULL, 60)) "
                    + "FROM generate_series(1, 200)");
                await Poll.UntilAsync("requests are under way", () => Task.FromResult(noise.Server.Requests >= 64));
                break;
            case "endless loops":
                await attacker.ExecuteAsync("SELECT df.start(df.pace(df.loop('SELECT 1'), 0)) FROM generate_series(1, 40)");
                await BusyAsync(1);
                break;
            case "long chains":
                await attacker.ExecuteAsync("""
                    DO $$
                    DECLARE g text := 'SELECT 0';
                    BEGIN
                        FOR i IN 1 .. 200 LOOP g := df.seq(g, 'SELECT pg_sleep(0.002)'); END LOOP;
                        PERFORM df.start(g) FROM generate_series(1, 100);
                    END $$
                    """);
                break;
            case "many starts":
                await attacker.ExecuteAsync("SELECT df.start('SELECT pg_sleep(0.01)') FROM generate_series(1, 20000)");
                noise.Again(
                    attacker, session => RunAsync(session, "SELECT df.start('SELECT pg_sleep(0.01)') FROM generate_series(1, 100)"));
                break;
            case "floods of signals":
                await attacker.ExecuteAsync("SELECT df.start(df.wait_for_signal('never')) FROM generate_series(1, 40)");
                for (var i = 0; i < 3; i++)
                    noise.Again(attacker, session =>
                        RunAsync(session, "SELECT df.signal(id, 'other', '1') FROM df.instances WHERE status IN ('pending', 'running')"));
                break;
            case "hints that nobody can take":
                await attacker.ExecuteAsync("SELECT df.start(df.wait_for_signal('never')) FROM generate_series(1, 20)");
                await Poll.UntilAsync("they wait", async () =>
                    await _cluster.ScalarAsync<long>("SELECT count(*) FROM df.queue WHERE waits IS NOT NULL") == 20);
                noise.Session = await attacker.ConnectAsync();
                await RunAsync(noise.Session, "BEGIN");
                await RunAsync(noise.Session, "SELECT df.cancel(id) FROM df.instances WHERE status = 'running'");
                await attacker.ExecuteAsync(
                    "SELECT df.signal(id, 'never', '1') FROM df.instances, generate_series(1, 100) WHERE status = 'running'");
                break;
            case "sleepers in many lanes":
                await attacker.ExecuteAsync("""
                    SELECT df.register_workflow('w' || n, 'SELECT pg_sleep(100000)') FROM generate_series(1, 300) n;
                    SELECT df.start_workflow('w' || n, start_at => now() + interval '1 day') FROM generate_series(1, 300) n;
                    SELECT df.start_workflow('w' || n) FROM generate_series(1, 300) n
                    """);
                await BusyAsync(10);
                break;
            case "children without an end":
                await attacker.ExecuteAsync("""
                    SELECT df.register_workflow('again', df.join(df.call('again'), df.call('again')));
                    SELECT df.start_workflow('again')
                    """);
                break;
            case "a wide foreach":
                await attacker.ExecuteAsync("""
                    SELECT df.start(df.seq(
                        df.as('SELECT n FROM generate_series(1, 2000) n', 'rows'),
                        df.foreach('rows', 'SELECT pg_sleep(0.05)', 'item', 1000))) FROM generate_series(1, 5)
                    """);
                await BusyAsync(5);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(attack));
        }
        return noise;
    }

    Task BusyAsync(int steps) => Poll.UntilAsync(
        $"{steps} steps run", async () => await _cluster.SessionsAsync("state = 'active'") >= steps);

    static async Task RunAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }
}
