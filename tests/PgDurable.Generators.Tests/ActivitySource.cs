namespace PgDurable.Generators.Tests;

/// <summary>Sources of activities.</summary>
internal static class ActivitySource
{
    /// <summary>One activity for each kind of input and result. <see cref="WorkflowSource"/> has the types of some.</summary>
    public const string All =
        """
        [Activity("charge-card")]
        public sealed partial class ChargeCard : IActivity<ChargeCard.Input, ChargeCard.Receipt>
        {
            public sealed record Input(long OrderId, decimal Total, string? Note, bool Urgent = false);
            public sealed record Receipt(
                Guid Id, decimal Fee, DateOnly Day, string? Note, Ship.Address Address, JsonElement Data, string[] Tags);
            public Task<Receipt> RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
        }

        [Activity("send-mail")]
        public sealed partial class SendMail : ITransactionalActivity<string>
        {
            public Task RunAsync(string input, NpgsqlTransaction transaction, ActivityContext context, CancellationToken ct) =>
                throw new NotSupportedException();
        }

        [Activity("count-orders")]
        public sealed partial class CountOrders : ITransactionalActivity<Ship.Address, int>
        {
            public Task<int> RunAsync(Ship.Address input, NpgsqlTransaction transaction, ActivityContext context, CancellationToken ct) =>
                throw new NotSupportedException();
        }

        [Activity("find-lines")]
        public sealed partial class FindLines : IActivity<FindLines.Input, IReadOnlyList<FindLines.Line>>
        {
            public sealed record Input(DateOnly? Day = null);
            public sealed record Line(long OrderId, string Sku, decimal Price);
            public Task<IReadOnlyList<Line>> RunAsync(Input input, ActivityContext context, CancellationToken ct) =>
                throw new NotSupportedException();
        }

        [Activity("set-rate")]
        public sealed partial class SetRate : IActivity<SetRate.Input>
        {
            public sealed record Input(
                int Id, DayOfWeek Day = DayOfWeek.Friday, double Rate = 1.5, string Currency = "$", int? Limit = null, char Kind = 'a');
            public Task RunAsync(Input input, ActivityContext context, CancellationToken ct) => throw new NotSupportedException();
        }

        [Activity("find-receipt")]
        public sealed partial class FindReceipt : IActivity<long, ChargeCard.Receipt?>
        {
            public Task<ChargeCard.Receipt?> RunAsync(long input, ActivityContext context, CancellationToken ct) =>
                throw new NotSupportedException();
        }

        """;

    /// <summary>An activity.</summary>
    public static string Class(
        string header, string interfaces = "IActivity<In>", string name = "\"a\"", string members = "",
        string records = "public record In(int Id);") =>
        $$"""
        {{records}}
        [Activity({{name}})]
        {{header}} : {{interfaces}}
        {
            {{members}}
            public Task RunAsync(In input, ActivityContext context, CancellationToken ct) => Task.CompletedTask;
        }

        """;
}
