namespace PgDurable.Generators.Tests.Lowering;

/// <summary>
/// Every construct of the language. <c>Constructs.txt</c> has C# after <c>==</c>, and below it the SQL that it must become.
/// PGDURABLE_ACCEPT=1 rewrites the file; read the changes before you commit them.
/// </summary>
public sealed class ConstructTests
{
    private const string Members =
        "private static readonly Retry Patient = "
        + "new(5) { Delay = TimeSpan.FromSeconds(2), Backoff = 1.5, MaxDelay = TimeSpan.FromMinutes(5) }; "
        + "private const string Table = \"shop.Orders\"; private const string Schema = \"shop\";";

    private const string OtherTypes =
        """
        [Workflow("other", Version = 3)]
        public sealed partial class Other : IWorkflow<Other.In, Ship.Address>
        {
            public sealed record In(long Id, string Text);
            public static Flow<Ship.Address> Define(Flow flow, In input) => flow.QuerySingle<Ship.Address>("SELECT 'x' AS city");
        }

        [StoredAsNumber]
        public enum Stage : short { New, Paid = 5 }
        public enum Color { Red, Blue }
        public sealed record Part(Stage Stage, string? Note, Ship.Address Address, int[] Ids);
        public sealed record Staged(Stage Stage, Stage? Next, Color Color, string[] Tags, Ship.Address Address, Ship.Address? Other);

        public sealed record Due(DateTimeOffset At, TimeSpan Grace, TimeSpan? Limit, int Minutes);

        public static class Parts
        {
            [WorkflowFragment]
            public static Flow Notify(this Flow flow, Ship.Order order, string text = "none") => flow
                .QuerySingle<long>($"INSERT INTO n VALUES ({order.Total}, {text}) RETURNING 1", out var id)
                .Execute($"SELECT {id}");

            [WorkflowFragment]
            public static Flow Charge(this Flow flow, ActivityDefinition<ChargeCard.Input, ChargeCard.Receipt> charge, long id) => flow
                .Run(charge, new(id, 1, null), out var receipt)
                .Execute($"SELECT {receipt.Id}");

            [WorkflowFragment]
            public static Flow Twice(Flow flow) => flow.Execute("SELECT 7");
        }
        """;

    private static readonly string File = Path.Combine(
        PgDurable.TestKit.RepositoryRoot.Path, "tests/PgDurable.Generators.Tests/Lowering/Constructs.txt");

    public static TheoryData<string, string> Constructs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var block in ("\n" + System.IO.File.ReadAllText(File)).Split("\n== ")[1..])
            {
                var end = block.IndexOf('\n', StringComparison.Ordinal);
                data.Add(block[..end], block[(end + 1)..].TrimEnd());
            }

            return data;
        }
    }

    /// <summary>The workflow that a construct is tested in.</summary>
    public static string Source(string steps) => WorkflowSource.WithSteps(steps, Members) + OtherTypes + ActivitySource.All;

    [Theory]
    [MemberData(nameof(Constructs))]
    public void Construct_IsLowered(string steps, string expected)
    {
        var actual = WorkflowSource.GraphOf(Source(steps)).Sql;
        if (Environment.GetEnvironmentVariable("PGDURABLE_ACCEPT") == "1")
        {
            lock (File)
            {
                var (before, after) = ($"== {steps}\n{expected}\n", $"== {steps}\n{actual}\n");
                System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(before, after, StringComparison.Ordinal));
            }

            return;
        }

        Assert.Equal(expected, actual);
    }
}
