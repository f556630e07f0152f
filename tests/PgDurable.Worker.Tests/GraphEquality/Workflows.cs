namespace PgDurable.Worker.Tests.GraphEquality;

/// <summary>Three steps, names, references, and a constant.</summary>
[Workflow("transfer")]
public sealed partial class Transfer : IWorkflow<Transfer.Input, Transfer.Receipt>
{
    const decimal Fee = 0.25m;

    public sealed record Input(int FromId, int ToId, decimal Amount, string Note);

    public sealed record Account(int Id, decimal Balance);

    public sealed record Receipt(int Id, decimal Balance, string Note);

    public static Flow<Receipt> Define(Flow flow, Input input) => flow
        .QuerySingle<Account>(
            $"UPDATE account SET balance = balance - {input.Amount} - {Fee} WHERE id = {input.FromId} RETURNING id, balance", out var from)
        .Execute($"INSERT INTO ledger (account, amount, note) VALUES ({from.Id}, -{input.Amount}, {input.Note})")
        .QuerySingle<Receipt>(
            $"UPDATE account SET balance = balance + {input.Amount} WHERE id = {input.ToId} RETURNING id, balance, {input.Note} AS note");
}

/// <summary>Quotes, backslashes, letters beyond ASCII and line breaks.</summary>
[Workflow("hostile-text")]
public sealed partial class HostileText : IWorkflow<HostileText.Input, IReadOnlyList<HostileText.Row>>
{
    public sealed record Input(string Text);

    public sealed record Row(string A, string B, string C, string D);

    public static Flow<IReadOnlyList<Row>> Define(Flow flow, Input input) => flow
        .QuerySingle<Row>(
            $"""
             SELECT 'it''s "quoted"' AS a, E'back\\slash\n' AS b,
                    $tag$it's $$ ünquoted 漢字 🐘$tag$ AS c,
             	'tab and ''quotes''' AS d -- a comment with 'an apostrophe
             """,
            out var first)
        .Query<Row>(
            $"SELECT {first.A} AS a, {first.B} AS b, {first.C} AS c, {input.Text} AS d UNION ALL SELECT 'ü', '\\', '<&>', '/ \u007f'");
}

/// <summary>All rows of a step, used as a table.</summary>
[Workflow("restock", Version = 7)]
public sealed partial class Restock : IWorkflow<Restock.Input>
{
    public sealed record Input(int Below);

    public sealed record Stock(int Id, string Sku);

    public static Flow Define(Flow flow, Input input) => flow
        .Query<Stock>($"SELECT id, sku FROM stock WHERE quantity < {input.Below}", out var lowStock)
        .Execute($"INSERT INTO orders (sku) SELECT sku FROM {lowStock} ORDER BY id")
        .Execute("UPDATE stock SET note = 'it''s ordered' WHERE id IN (SELECT id FROM stock)");
}

/// <summary>Undone when it is canceled.</summary>
[Workflow("reserve", OnCancel = OnCancel.Undo)]
public sealed partial class Reserve : IWorkflow<Reserve.Input>
{
    public sealed record Input(string Sku);

    public static Flow Define(Flow flow, Input input) => flow
        .Execute($"INSERT INTO reservations VALUES ({input.Sku})")
        .Compensate(f => f.Execute($"DELETE FROM reservations WHERE sku = {input.Sku}"))
        .WaitForSignal("paid");
}
