namespace PgDurable.Extension.Tests.Store;

/// <summary>Claims, parking and hints never wait for each other.</summary>
public sealed class StandstillTests(StoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task Park_HintOfSomethingElse_ParksAndUsesItUp()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await User.SignalAsync(instance, "other");
        Assert.Empty(await Worker.ParkAsync(instance));
        Assert.Equal(0, await Worker.CountAsync("wakeups"));
    }

    [Fact]
    public async Task Park_PausedMeanwhile_StaysInHand()
    {
        var instance = await User.StartAsync();
        await Worker.ClaimOneAsync();
        await User.ExecuteAsync("SELECT df.pause($1)", await User.IdAsync(instance));
        Assert.Equal([instance], await Worker.ParkAsync(instance));
        Assert.Empty(await Worker.ParkAsync(instance, """[{"node":0,"path":"","kind":"PAUSED"}]"""));
    }

    [Fact]
    public async Task News_WithoutAClaim_NamesWhatIsHeldAndWakesWhatIsFree()
    {
        var held = await User.StartAsync();
        var free = await User.StartAsync();
        await Worker.ClaimAsync();
        await Worker.ParkAsync(free);
        await User.SignalAsync(held, "go");
        await User.SignalAsync(free, "go");
        Assert.Equal([held], (await Worker.ScalarAsync<long[]>("SELECT df._worker_news($1)", Worker.Id))!);
        Assert.Equal(0, await Worker.CountAsync("wakeups"));
        Assert.Equal(free, (await Worker.ClaimOneAsync()).Instance);
    }

    [Fact]
    public async Task Wake_ManyHintsThatCannotBeTaken_DoNotHideOthers()
    {
        for (var i = 0; i < 3; i++)
        {
            var stuck = await User.StartAsync();
            await Worker.ClaimOneAsync();
            await Worker.ParkAsync(stuck);
        }
        var last = await User.StartAsync();
        Assert.Contains(await Worker.ClaimAsync(), claim => claim.Instance == last);
        await Worker.ParkAsync(last);
        await using var canceller = await Fixture.UserAsync();
        await canceller.ExecuteAsync("BEGIN");
        await canceller.ExecuteAsync("SELECT df.cancel(s.id) FROM df.submissions s WHERE s.instance_no <> $1", last);
        await Worker.ExecuteAsync(
            "INSERT INTO df.wakeups SELECT instance_no FROM df.submissions, generate_series(1, 1500) WHERE instance_no <> $1", last);
        await User.SignalAsync(last, "go");
        Assert.Equal(last, (await Worker.ClaimOneAsync()).Instance);
        await canceller.ExecuteAsync("ROLLBACK");
    }

    // In any order, nothing is lost, nothing stands still, and all hints are gone at the end.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ClaimsParkingSignalsAndPauses_InRandomOrder_AllGetOn(int seed)
    {
        const int Instances = 12, Rounds = 400, Places = 8;
        var random = new Random(seed);
        var ids = new Dictionary<long, string>();
        for (var i = 0; i < Instances; i++)
        {
            var no = await User.StartAsync();
            ids.Add(no, await User.IdAsync(no));
        }
        var numbers = ids.Keys.ToArray();
        await using var other = await Fixture.WorkerAsync();
        TestWorker[] workers = [Worker, other];
        HashSet<long>[] hands = [[], []];
        var taken = 0;
        var sent = 0;

        for (var round = 0; round < Rounds; round++)
            await StepAsync(random.Next(6));
        // The senders have stopped. Two looks by each worker are enough for the rest.
        for (var round = 0; round < 10 && taken < sent; round++)
            for (var w = 0; w < workers.Length; w++)
            {
                await ClaimAsync(w, Places);
                foreach (var no in hands[w].ToArray())
                    await WorkAsync(w, no);
            }
        Assert.Equal(sent, taken);
        foreach (var worker in workers)
            await worker.ScalarAsync<long[]>("SELECT df._worker_news($1)", worker.Id);
        Assert.Equal(0, await Worker.CountAsync("wakeups"));

        async Task StepAsync(int what)
        {
            var w = random.Next(2);
            var no = numbers[random.Next(Instances)];
            switch (what)
            {
                case 0:
                    await User.SignalAsync(no, "go");
                    sent++;
                    break;
                case 1:
                    await User.SignalAsync(no, "other");
                    break;
                case 2:
                    await User.ExecuteAsync("SELECT df.pause($1)", ids[no]);
                    await User.ExecuteAsync("SELECT df.resume($1)", ids[no]);
                    break;
                case 3:
                    await ClaimAsync(w, Places - hands[w].Count);
                    break;
                case 4:
                    await workers[w].ScalarAsync<long[]>("SELECT df._worker_news($1)", workers[w].Id);
                    break;
                default:
                    if (hands[w].Count > 0)
                        await WorkAsync(w, hands[w].ElementAt(random.Next(hands[w].Count)));
                    break;
            }
        }

        async Task ClaimAsync(int w, int limit)
        {
            foreach (var claim in await workers[w].ClaimAsync(limit))
                if (!claim.Held)
                    Assert.True(hands[w].Add(claim.Instance));
        }

        async Task WorkAsync(int w, long no)
        {
            var signals = await workers[w].ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1], ARRAY['go'])", no);
            if (signals.Count > 0)
            {
                Assert.Empty(await workers[w].RecordAsync(
                    $$"""{"instance":{{no}},"checkpoints":[],"take_signals":[{{string.Join(',', signals)}}]}"""));
                taken += signals.Count;
            }
            if ((await workers[w].ParkAsync(no)).Count == 0)
                hands[w].Remove(no);
            else
                Assert.True(await HasNewsAsync(no), "an instance without news was not parked");
        }

        async Task<bool> HasNewsAsync(long no) =>
            (await Worker.ColumnAsync<long>("SELECT signal_no FROM df._worker_signals(ARRAY[$1], ARRAY['go'])", no)).Count > 0;
    }
}
