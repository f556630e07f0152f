namespace PgDurable.Worker.Tests.Typed;

/// <summary>Publishes a record with a member of every kind, and waits before and after it.</summary>
[Workflow("publishing")]
public sealed partial class Publishing : IWorkflow<Publishing.Input>
{
    public enum Colour { Red, Green }

    [StoredAsNumber]
    public enum Stage : short { New, Packed = 5 }

    public sealed record Part(string Sku, decimal Weight);

    public sealed record Input(
        long Id, int Count, decimal Price, double Rate, string Name, string? Note, bool Flag, int? Amount, Colour Colour, Stage Stage,
        Guid Key, DateOnly Day, DateTimeOffset At, TimeSpan Span, Part Part, int[] Numbers);

    public static Flow Define(Flow flow, Input input) => flow
        .WaitForSignal("first")
        .Publish(new Input(
            input.Id + 1, input.Count, input.Price * 2, input.Rate, input.Name, input.Note, !input.Flag, input.Amount, input.Colour,
            input.Stage, input.Key, input.Day, input.At, input.Span, new Part(input.Part.Sku, 0.5m), input.Numbers))
        .WaitForSignal("second")
        .Publish(input);
}

/// <summary>Publishes a number, and finally nothing.</summary>
[Workflow("counting")]
public sealed partial class Counting : IWorkflow<Counting.Input, int>
{
    public sealed record Input(int Times);

    public static Flow<int> Define(Flow flow, Input input) => flow
        .QuerySingle<int>("SELECT 0", out var n)
        .While(n < input.Times, f => f.QuerySingle<int>($"SELECT {n + 1}", out n).Publish(n), TimeSpan.Zero)
        .WaitForSignal("go")
        .Publish<int?>(null)
        .QuerySingle<int>($"SELECT {n}");
}
