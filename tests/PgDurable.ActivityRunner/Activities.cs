using System.Globalization;
using Npgsql;

namespace PgDurable.ActivityRunner;

/// <summary>Does nothing, to see what an activity costs.</summary>
[Activity("nothing")]
public sealed partial class Nothing : IActivity<Nothing.Input>
{
    public sealed record Input(int N);

    public Task RunAsync(Input input, ActivityContext context, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Says when it began.</summary>
[Activity("stamp")]
public sealed partial class Stamp : IActivity<Stamp.Input, Stamp.Moment>
{
    public sealed record Input(int N);

    public sealed record Moment(DateTime At);

    public Task<Moment> RunAsync(Input input, ActivityContext context, CancellationToken ct) =>
        Task.FromResult(new Moment(DateTime.UtcNow));
}

/// <summary>Leaves an effect in the transaction that completes it.</summary>
[Activity("effect")]
public sealed partial class Effect : ITransactionalActivity<Effect.Input, Effect.Made>
{
    public sealed record Input(int N, string Mark);

    public sealed record Made(string Mark);

    public async Task<Made> RunAsync(Input input, NpgsqlTransaction transaction, ActivityContext context, CancellationToken ct)
    {
        await using var command =
            new NpgsqlCommand("INSERT INTO effects (n, mark) VALUES ($1, $2)", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = input.N });
        command.Parameters.Add(new() { Value = input.Mark });
        await command.ExecuteNonQueryAsync(ct);
        return new(input.Mark);
    }
}

/// <summary>Leaves an effect outside of the transaction that completes it, as a call of another system would.</summary>
[Activity("call")]
public sealed partial class Call(NpgsqlDataSource other) : IActivity<Call.Input, Call.Answer>
{
    public sealed record Input(int N, string Mark);

    public sealed record Answer(string Key);

    public async Task<Answer> RunAsync(Input input, ActivityContext context, CancellationToken ct)
    {
        await using var command = other.CreateCommand("INSERT INTO calls (n, mark, key) VALUES ($1, $2, $3)");
        command.Parameters.Add(new() { Value = input.N });
        command.Parameters.Add(new() { Value = input.Mark });
        command.Parameters.Add(new() { Value = context.IdempotencyKey });
        await command.ExecuteNonQueryAsync(ct);
        return new(context.IdempotencyKey.ToString(null, CultureInfo.InvariantCulture));
    }
}

/// <summary>Has the generator make definitions for activities that are started from SQL only.</summary>
[Workflow("all-activities")]
public sealed partial class AllActivities : IWorkflow<AllActivities.Input>
{
    public sealed record Input(int N);

    public static Flow Define(Flow flow, Input input) => flow
        .Run(Nothing.Definition, new(input.N))
        .Run(Stamp.Definition, new(input.N))
        .Run(Effect.Definition, new(input.N, "a"))
        .Run(Call.Definition, new(input.N, "b"));
}
