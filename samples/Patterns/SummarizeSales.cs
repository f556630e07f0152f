using PgDurable;

namespace Patterns;

/// <summary>Cuts the sales of a day into batches, adds up some batches at a time, and then the sums.</summary>
[Workflow("summarize-sales")]
public sealed partial class SummarizeSales : IWorkflow<SummarizeSales.Input, SummarizeSales.Summary>
{
    public sealed record Input(DateOnly Day, int BatchSize);
    public sealed record Batch(long First, long Last);
    public sealed record Partial(long Sales, decimal Total);
    public sealed record Summary(DateOnly Day, long Sales, decimal Total);

    public static Flow<Summary> Define(Flow flow, Input input) => flow
        .Query<Batch>($"""
            SELECT min(id) AS first, max(id) AS last
              FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / {input.BatchSize} AS batch
                      FROM patterns.sales WHERE sold_on = {input.Day}) AS numbered
             GROUP BY batch ORDER BY batch
            """, out var batches)
        .ForEach(batches, (f, batch) => f
            .QuerySingle<Partial>($"""
                SELECT count(*) AS sales, sum(quantity * price) AS total
                  FROM patterns.sales WHERE sold_on = {input.Day} AND id BETWEEN {batch.First} AND {batch.Last}
                """), out var partials, maxParallel: 4)
        .QuerySingle<Summary>($"""
            INSERT INTO patterns.daily_sales (day, sales, total)
            SELECT {input.Day}, coalesce(sum(sales), 0), coalesce(sum(total), 0) FROM {partials}
            RETURNING day, sales, total
            """);
}
