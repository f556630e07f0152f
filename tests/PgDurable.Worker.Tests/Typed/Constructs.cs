namespace PgDurable.Worker.Tests.Typed;

/// <summary>Branches, loops, side by side, errors, undos, signals and children, of which each leaves a word in a log.</summary>
[Workflow("constructs")]
public sealed partial class Constructs : IWorkflow<Constructs.Input, Constructs.Summary>
{
    public sealed record Input(string Name, int Rounds, IReadOnlyList<int> Numbers);

    public sealed record Item(int Number, string Word);

    public sealed record Doubled(int Number, long Twice);

    public sealed record Decision(bool Approved, string By, decimal Limit);

    public sealed record Summary(
        int Rounds, long Sum, string Child, string Decision, string Caught, string Winner, string Pair, string Missing);

    public static Flow<Summary> Define(Flow flow, Input input) => flow
        .QuerySingle<int>("SELECT 0 AS n", out var round)
        .While(round < input.Rounds, f => f
            .Log($"round")
            .QuerySingle<int>($"SELECT {round} + 1 AS n", out round))
        .Query<Item>(
            $"SELECT n::int AS number, 'word ' || n AS word FROM unnest({input.Numbers}) AS n", out var items)
        .ForEach(
            items,
            (f, item) => f.Log("item").QuerySingle<Doubled>($"SELECT {item.Number} AS number, {item.Number}::bigint * 2 AS twice"),
            out var doubled,
            maxParallel: 2)
        .QuerySingle<long>($"SELECT coalesce(sum(twice), 0)::bigint AS sum FROM {doubled}", out var sum)
        .Run(new Child(), new(input.Name, [1, round]), out var child)
        .WaitForSignal<Decision>("decide", TimeSpan.FromMinutes(5), out var decision)
        .If(
            !decision.TimedOut && decision.Data.Approved && decision.Data.Limit > 10.5m,
            then: f => f.QuerySingle<string>($"SELECT 'approved by ' || {decision.Data.By} AS text"),
            otherwise: f => f.QuerySingle<string>("SELECT 'refused' AS text"),
            out var verdict)
        .Try(
            body: f => f
                .Log("kept").Compensate(u => u.Log("undone"))
                .Fail<string>($"no stock for {input.Name}, {sum}!", "S0001"),
            onError: (f, error) => f.QuerySingle<string>($"SELECT {error.SqlState} || ': ' || {error.Message} AS text"),
            out var caught,
            last: f => f.Log("last"))
        .Race(
            out string winner,
            a => a.QuerySingle<string>("SELECT 'quick' AS text"),
            b => b.Sleep(TimeSpan.FromHours(1)).QuerySingle<string>("SELECT 'slow' AS text"))
        .Parallel(
            a => a.QuerySingle<string>("SELECT 'left' AS text"),
            b => b.Query<int>("SELECT generate_series(1, 3) AS n"),
            out var left, out var right)
        .QuerySingle<string>($"SELECT {left} || (SELECT count(*) FROM {right}) AS text", out var pair)
        .QuerySingleOrNull<Item>("SELECT 1 AS number, 'x' AS word WHERE false", out var missing)
        .QuerySingle<Summary>(
            $"""
             SELECT {round} AS rounds, {sum} AS sum, {child.Text} AS child, {verdict} AS decision, {caught} AS caught,
                    {winner} AS winner, {pair} AS pair, coalesce({missing?.Word}, 'none') AS missing
             """);
}

[Workflow("child")]
public sealed partial class Child : IWorkflow<Child.Input, Child.Output>
{
    public sealed record Input(string Name, IReadOnlyList<int> Numbers);

    public sealed record Output(string Text);

    public static Flow<Output> Define(Flow flow, Input input) => flow
        .QuerySingle<Output>($"SELECT {input.Name} || ' ' || {input.Numbers}[2] AS text");
}

public static class Fragments
{
    [WorkflowFragment]
    public static Flow Log(this Flow flow, string word) => flow.Execute($"INSERT INTO log (word) VALUES ({word})");
}

/// <summary>What C# does not evaluate, because of what stands before it, does not fail either.</summary>
[Workflow("short-circuit")]
public sealed partial class ShortCircuit : IWorkflow<ShortCircuit.Input, string>
{
    public sealed record Input(int? Amount);

    public sealed record Row(int Number);

    public static Flow<string> Define(Flow flow, Input input) => flow
        .QuerySingleOrNull<Row>("SELECT 1 AS number WHERE false", out var row)
        .QuerySingleOrNull<int>("SELECT 1 AS number WHERE false", out var number)
        .If(
            (input.Amount.HasValue && input.Amount.Value > 1) || (row != null && row!.Number > 1) || (number.HasValue && number.Value > 1),
            then: f => f.QuerySingle<string>("SELECT 'some' AS text"),
            otherwise: f => f.QuerySingle<string>("SELECT 'none' AS text"));
}

/// <summary>The results of a ForEach are the workflow's.</summary>
[Workflow("for-each")]
public sealed partial class Doubling : IWorkflow<Doubling.Input, IReadOnlyList<Doubling.Doubled>>
{
    public sealed record Input(int Count);

    public sealed record Doubled(int Number, long Twice);

    public static Flow<IReadOnlyList<Doubled>> Define(Flow flow, Input input) => flow
        .Query<int>($"SELECT generate_series(1, {input.Count}) AS number", out var numbers)
        .ForEach(numbers, (f, number) => f.QuerySingle<Doubled>($"SELECT {number} AS number, {number}::bigint * 2 AS twice"));
}

/// <summary>The result of another workflow is this one's.</summary>
[Workflow("relay")]
public sealed partial class Relay : IWorkflow<Relay.Input, Child.Output>
{
    public sealed record Input(string Name);

    public static Flow<Child.Output> Define(Flow flow, Input input) => flow.Run(new Child(), new(input.Name, [1, 2]));
}
