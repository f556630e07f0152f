using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Engine.Substitution;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <summary>A command of an instance that a runner, or an HTTP request, is to carry out or is carrying out.</summary>
internal sealed class StepWork(InstanceFlow flow, Command command)
{
    // Not disposed: it holds nothing but memory, and may be cancelled by one thread while another one is done with it.
    private readonly CancellationTokenSource _stop = new();

    // Who has it: nobody yet, or somebody (as from the start), or it was taken back from the queue.
    private const int Begun = 0, Waiting = 1, TakenBack = 2;
    private int _state = Begun;

    public InstanceFlow Flow => flow;

    public Command Command => command;

    public ExecutionKey Execution => command.Execution;

    /// <summary>The statement, if it is one: a step's, or the one that puts a request's answer into a table.</summary>
    public string Sql => Sink?.Sql ?? ((Command.RunSql)command).Sql;

    /// <summary>The statement in all its forms.</summary>
    public SubstitutedSql Statement => ((Command.RunSql)command).Statement;

    /// <summary>The form that is to be run now; null when none has failed yet.</summary>
    public int? Form { get; set; }

    /// <summary>The statement, with literals, as it was last run.</summary>
    public string RanSql => Form is { } form && StatementForms.Find(Statement, form) is { } ran ? ran.Sql.Text : Sql;

    /// <summary>Why the server could not make sense of the statement as it was meant at first.</summary>
    public PostgresException? FormError { get; set; }

    /// <summary>A request has been answered, and the answer is for a table.</summary>
    public SinkWrite? Sink { get; set; }

    /// <summary>The first attempt, if it is already over.</summary>
    public EarlyResult? Early { get; set; }

    /// <summary>Measures it, from its start on.</summary>
    public RunningStep? Measured { get; set; }

    /// <summary>Attempts made.</summary>
    public int Attempt { get; set; }

    /// <summary>Times that the connection was lost in the middle of it.</summary>
    public int Losses { get; set; }

    /// <summary>Fires when it is not wanted any more: its statement is to be stopped.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>It waits for its turn, and can be taken back until then.</summary>
    public void Wait() => Volatile.Write(ref _state, Waiting);

    /// <summary>Its turn has come; false when it was taken back.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    /// <summary>Takes it back; false when it is not waiting for its turn. An answer that is here stays: the request would be sent again.</summary>
    public bool TryTakeBack() => Sink is null && Interlocked.CompareExchange(ref _state, TakenBack, Waiting) == Waiting;

    public bool IsTakenBack => Volatile.Read(ref _state) == TakenBack;

    /// <summary>What an error of its statement is for the user.</summary>
    public StepError Describe(Exception e) => Sink?.Describe(e) ?? SqlErrors.Describe(e, RanSql);

    // On another thread: stopping a statement talks to the server and waits.
    public void Stop() => _ = _stop.CancelAsync();

    public EarlyResult? TakeEarly()
    {
        var early = Early;
        Early = null;
        return early;
    }
}
