using Npgsql;
using PgDurable.Extension.Tests.Store;

namespace PgDurable.Extension.Tests.Algebra;

/// <summary>What PostgreSQL returns for an expression.</summary>
/// <param name="Json">The envelope.</param>
/// <param name="Tree">The output of df.explain.</param>
/// <param name="Problem">The error of df.start, or null.</param>
/// <param name="Refusal">The error of the composers, if there is no envelope.</param>
internal sealed record Judgement(string? Json, string? Tree, string? Problem, string? Refusal);

/// <summary>Evaluates many expressions in PostgreSQL in one round trip, and leaves nothing behind.</summary>
internal static class ComposerJudge
{
    private const string Judge =
        """
        CREATE FUNCTION pg_temp.judge(p_expression text, OUT envelope text, OUT tree text, OUT problem text, OUT refusal text)
        LANGUAGE plpgsql AS $$
        BEGIN
            BEGIN
                EXECUTE 'SELECT ' || p_expression INTO envelope;
            EXCEPTION WHEN OTHERS THEN
                refusal := SQLERRM;
                RETURN;
            END;
            BEGIN
                tree := df.explain(envelope);
            EXCEPTION WHEN OTHERS THEN
                tree := 'df.explain raised ' || SQLERRM;
            END;
            BEGIN
                PERFORM df.start(envelope);
            EXCEPTION WHEN SQLSTATE 'DF003' THEN
                problem := SQLERRM;
            END;
        END
        $$
        """;

    public static async Task<List<Judgement>> JudgeAsync(StoreFixture fixture, IEnumerable<string> expressions)
    {
        await fixture.Cluster.CreateRoleAsync("composer");
        await fixture.Cluster.ExecuteAsync("SELECT df.grant_usage('composer', include_http => true)");
        await using var connection = await fixture.Cluster.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var setUp = new NpgsqlCommand("SET LOCAL ROLE composer; SET LOCAL jit = off; " + Judge, connection, transaction))
            await setUp.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(
            "SELECT j.* FROM unnest($1) WITH ORDINALITY e (expression, n) CROSS JOIN LATERAL pg_temp.judge(e.expression) j ORDER BY e.n",
            connection, transaction)
        {
            CommandTimeout = 120,
        };
        command.Parameters.Add(new() { Value = expressions.ToArray() });
        await using var reader = await command.ExecuteReaderAsync();
        var judgements = new List<Judgement>();
        while (await reader.ReadAsync())
            judgements.Add(new(Text(0), Text(1), Text(2), Text(3)));
        return judgements;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
