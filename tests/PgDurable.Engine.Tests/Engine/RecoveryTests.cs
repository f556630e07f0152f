using PgDurable.Graph;

namespace PgDurable.Worker.Engine;

/// <summary>
/// The rule behind recovery: folding the recorded inputs into a new state, at any moment, leads to the commands that were in flight then,
/// and on to the same end. This holds for all rows ever recorded, and for only those that carried iterations have left.
/// </summary>
public class RecoveryTests
{
    private const int SeedsPerCase = 25;
    private const int MaxInputs = 60;

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Recover_EveryPrefixOfARandomRun_DecidesTheSame(int block)
    {
        for (var i = 0; i < SeedsPerCase; i++)
        {
            var run = new RandomRun(block * SeedsPerCase + i);
            try
            {
                run.Go(MaxInputs);
            }
            catch (Exception e)
            {
                Assert.Fail($"{run}\n{e}");
            }
        }
    }

    [Fact]
    public void RandomRuns_TakenTogether_ReachEverything()
    {
        var seen = new HashSet<string>();
        for (var seed = 0; seed < 200; seed++)
        {
            var run = new RandomRun(seed);
            run.Go(MaxInputs);
            seen.UnionWith(run.Seen);
        }

        string[] events =
        [
            "completed", "failed", "running", "carry", "paced carry", "failed iteration", "late input", "undo", "dropped", "row gone",
            "retried",
        ];
        var kinds = Enum.GetNames<NodeKind>().Except([nameof(NodeKind.HttpMultipart)]);
        Assert.Superset(new HashSet<string>([.. events, .. kinds]), seen);
    }

    public static TheoryData<int> Blocks() => [.. Enumerable.Range(0, 16)];
}
