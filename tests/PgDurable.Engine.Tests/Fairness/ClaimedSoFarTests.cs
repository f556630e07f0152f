using PgDurable.Worker.Fairness;
using PgDurable.Worker.Store;

namespace PgDurable.Engine.Tests.Fairness;

public sealed class ClaimedSoFarTests
{
    static readonly Lane Lane = new(7, 3);
    readonly Clock _clock = new();
    readonly ClaimedSoFar _soFar;

    public ClaimedSoFarTests() => _soFar = new ClaimedSoFar(_clock);

    [Fact]
    public void After_QuickClaims_IsTheBeginning()
    {
        _soFar.Add(Lane, [Claimed(10)]);
        LookAtAll(milliseconds: 4);
        Assert.Equal(0, _soFar.After(Lane));
    }

    [Fact]
    public void After_ALongClaim_IsWhatWasClaimedLastUntilTwentyTimesAsLongHasPassed()
    {
        _soFar.Add(Lane, [Claimed(10), Claimed(12), Claimed(11)]);
        LookAtAll(milliseconds: 100);
        Assert.Equal(12, _soFar.After(Lane));
        Assert.Equal(0, _soFar.After(new Lane(7, 4)));
        _clock.Advance(1999);
        Assert.Equal(12, _soFar.After(Lane));
        _clock.Advance(1);
        Assert.Equal(0, _soFar.After(Lane));
    }

    // As of a worker that was frozen while it claimed. Others may have died meanwhile, and what they held is among what it would pass over.
    [Fact]
    public void After_AClaimThatTookVeryLong_IsTheBeginningAfterFiveSeconds()
    {
        _soFar.Add(Lane, [Claimed(10)]);
        LookAtAll(milliseconds: 60_000);
        _clock.Advance(4999);
        Assert.Equal(10, _soFar.After(Lane));
        _clock.Advance(1);
        Assert.Equal(0, _soFar.After(Lane));
    }

    [Fact]
    public void After_AClaimFromAllLanes_HoldsForEachOfThem()
    {
        _soFar.Add(Lane, [Claimed(5)]);
        _soFar.Add(ClaimedSoFar.AllLanes, [Claimed(9)]);
        LookAtAll(milliseconds: 100);
        Assert.Equal(9, _soFar.After(Lane));
    }

    [Fact]
    public void After_InstancesThatHaveRunBefore_SayNothing()
    {
        _soFar.Add(Lane, [Claimed(5), Claimed(8) with { Resumed = true }, Claimed(9) with { Held = true }]);
        LookAtAll(milliseconds: 100);
        Assert.Equal(5, _soFar.After(Lane));
    }

    void LookAtAll(int milliseconds)
    {
        var began = _clock.GetTimestamp();
        _clock.Advance(milliseconds);
        _soFar.LookedAtAll(began);
    }

    static ClaimedInstance Claimed(long no) => new(
        InstanceNo: no, Id: "", GraphId: 1, RoleOid: 7, RoleName: "", Superuser: false, Resumed: false, Input: null, Label: null,
        Vars: null, Database: null, Workflow: null, StartedAt: default, Now: default, Paused: false, Retried: false, ResumedAt: null,
        Held: false);

    sealed class Clock : TimeProvider
    {
        long _now = 1_000_000;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        public void Advance(int milliseconds) => _now += milliseconds;
    }
}
