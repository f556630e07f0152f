
namespace PgDurable.Worker.Engine;

/// <summary>
/// The rule that makes recovery right: what was recorded, folded into a new state at any moment, leads to the commands that were open then, and on to the same end.
/// </summary>
public class RecoveryTests
{
    private const int MostInputs = 120;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Recover_EveryPrefixOfARandomRun_DecidesTheSame(int seed)
    {
        var random = new Random(seed);
        var graph = new RandomGraph(random).Tree(random.Next(1, 24));
        var run = new RandomRun(graph);
        while (true)
        {
            var expected = RandomRun.Describe(run.Open, run.Outcome);
            AssertSame(expected, run.Recover(run.Inputs).Decision, "all inputs", graph);
            AssertSame(expected, run.Recover(run.Kept).Decision, "what the database keeps", graph);
            if (run.Outcome is not null || run.Inputs.Count >= MostInputs) break;

            Assert.True(run.Open.Count > 0, $"nothing is open and nothing has ended: {graph}");
            Move(run, random);
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 400)];

    private static void AssertSame(string expected, Decision recovered, string what, string graph)
    {
        var actual = RandomRun.Describe(recovered.Commands, recovered.Outcome);
        Assert.True(expected == actual, $"from {what}\nlive:\n{expected}\nrecovered:\n{actual}\n{graph}");
    }

    private static void Move(RandomRun run, Random random)
    {
        run.Pass(TimeSpan.FromMilliseconds(random.Next(1500)));
        var command = run.Open[random.Next(run.Open.Count)];
        switch (command)
        {
            case Command.Wait { Signal: { } signal, Until: null }:
                run.Signal(signal, "1");
                break;
            case Command.Wait { Signal: { } signal } when random.Next(2) == 0:
                run.Signal(signal, "2");
                break;
            case Command.Wait wait:
                run.Elapse(wait);
                break;
            case var _ when random.Next(7) == 0:
                run.Fail(command, random.Next(2) == 0 ? "22012" : "40001");
                break;
            default:
                run.Complete(command, random.Next(4) == 0 ? Results.Rows([.. Enumerable.Range(0, random.Next(4))]) : Results.Row(random.Next(3)));
                break;
        }
    }
}
