namespace PgDurable.Worker.Tests.GraphEquality;

/// <summary>The generator, PostgreSQL and the emitted SQL text write the same graph, to the byte.</summary>
[Collection(WorkerCollection.Name)]
public sealed class GraphEqualityTests(WorkerFixture fixture)
{
    public static TheoryData<string, string, string> Workflows => new()
    {
        {
            Transfer.Definition.GraphJson, Transfer.Definition.SqlText,
            """
            'UPDATE account SET balance = balance - $input.amount - 0.25 WHERE id = $input.from_id RETURNING id, balance' |=> 'from'
            ~> 'INSERT INTO ledger (account, amount, note) VALUES ($from.id, -$input.amount, $input.note)'
            ~> 'UPDATE account SET balance = balance + $input.amount WHERE id = $input.to_id RETURNING id, balance, $input.note AS note'
            """
        },
        {
            HostileText.Definition.GraphJson, HostileText.Definition.SqlText,
            """"
            $step$SELECT 'it''s "quoted"' AS a, E'back\\slash\n' AS b,
                   $tag$it's $$ ünquoted 漢字 🐘$tag$ AS c,
            """"
            + "\n\t" + """"
            'tab and ''quotes''' AS d -- a comment with 'an apostrophe$step$ |=> 'first'
            ~> $step$SELECT $first.a AS a, $first.b AS b, $first.c AS c, $input.text AS d UNION ALL SELECT 'ü', '\', '<&>', '/
            """"
            + " \u007f'$step$"
        },
        {
            Restock.Definition.GraphJson, Restock.Definition.SqlText,
            """
            'SELECT id, sku FROM stock WHERE quantity < $input.below' |=> 'low_stock'
            ~> 'INSERT INTO orders (sku) SELECT sku FROM $low_stock.* ORDER BY id'
            ~> 'UPDATE stock SET note = ''it''''s ordered'' WHERE id IN (SELECT id FROM stock)'
            """
        },
        {
            Reserve.Definition.GraphJson, Reserve.Definition.SqlText,
            """
            df.undo_on_cancel(('INSERT INTO reservations VALUES ($input.sku)' <-> 'DELETE FROM reservations WHERE sku = $input.sku')
                              ~> df.wait_for_signal('paid'))
            """
        },
        { Df.UndoOnCancel("a").ToJson(), Df.UndoOnCancel("a").ToSql(), "df.undo_on_cancel('a')" },
    };

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task Graph_OfTheGenerator_IsWhatPostgresComposes(string graph, string sqlText, string operators)
    {
        await using var user = await fixture.UserAsync();
        Assert.Equal(await user.ScalarAsync<string>($"SELECT {operators}"), graph);
        Assert.Equal(await user.ScalarAsync<string>($"SELECT {sqlText}"), graph);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task Graph_StoredByStart_IsTheSame(string graph, string sqlText, string operators)
    {
        await using var user = await fixture.UserAsync();
        await user.ExecuteAsync("BEGIN");
        foreach (var start in (string[])[sqlText, operators, TestUser.Literal(graph)])
            await user.ExecuteAsync($"SELECT df.start({start})");
        var stored = await user.ScalarAsync<string[]>("SELECT array_agg(graph) FROM df.graphs");
        await user.ExecuteAsync("ROLLBACK");
        Assert.Equal(graph, Assert.Single(stored));
    }
}
