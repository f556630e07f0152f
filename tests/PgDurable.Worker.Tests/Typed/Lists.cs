namespace PgDurable.Worker.Tests.Typed;

/// <summary>Runs steps for the items of its input, for a range, and with what it knows about itself.</summary>
[Workflow("lists")]
public sealed partial class Lists : IWorkflow<Lists.Input, Lists.Summary>
{
    public sealed record Line(string Sku, int Quantity, DateOnly? Due, IReadOnlyList<string> Tags);

    public sealed record Basket(IReadOnlyList<Line> Lines);

    public sealed record Input(Basket Basket, string[] Names, int[]? Extra, int Copies);

    public sealed record Priced(string Sku, decimal Price);

    public sealed record Summary(decimal Total, string Words, string Id, string? Label, DateTimeOffset StartedAt);

    public static Flow<Summary> Define(Flow flow, Input input) => flow
        .ForEach(
            input.Basket.Lines,
            (f, line) => f.QuerySingle<Priced>(
                $"SELECT {line.Sku} AS sku, {line.Quantity} * 1.5 + cardinality({line.Tags}) + ({line.Due} IS NULL)::int AS price"),
            out var prices, maxParallel: 2)
        .ForEach(input.Names, (f, name) => f.Execute($"INSERT INTO log (word) VALUES ({name})"), maxParallel: 1)
        .If(
            input.Extra != null,
            f => f.ForEach(input.Extra!, (g, number) => g.Execute($"INSERT INTO log (word) VALUES ({number}::text)"), maxParallel: 1))
        .ForEach(
            Rows.Range(7, input.Copies), (f, n) => f.Execute($"INSERT INTO log (word) VALUES ('copy ' || {n + 1})"), maxParallel: 1)
        .ForEach(Rows.Range(1, 0), (f, n) => f.Fail($"{n}"))
        .QuerySingle<Summary>(
            $"""
             SELECT (SELECT sum(price) FROM {prices}) AS total, (SELECT string_agg(word, ',' ORDER BY id) FROM log) AS words,
                    {flow.Instance.Id} AS id, {flow.Instance.Label} AS label, {flow.Instance.StartedAt} AS started_at
             """);
}
