using Npgsql;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Engine.Substitution;
using PgDurable.Worker.Store.Sessions;
using PgDurable.Worker.Telemetry;

namespace PgDurable.Worker.Instances;

/// <summary>A step that a runner is to carry out, or is carrying out. See this folder's README for its states.</summary>
internal sealed class StepWork(ActiveInstance instance, Command command)
{
    // Not disposed: it holds nothing but memory, and one thread may cancel it while another has just finished with it.
    private readonly CancellationTokenSource _stop = new();

    // A step starts as begun. It waits only while it is in the queue for a connection.
    private const int Begun = 0, Waiting = 1, TakenBack = 2;
    private int _turn = Begun;

    public ActiveInstance Instance => instance;

    public Command Command => command;

    public ExecutionKey Execution => command.Execution;

    /// <summary>The SQL text of a statement: a step's, or the one that puts a response into a table.</summary>
    public string Sql => Sink?.Sql ?? ((Command.RunSql)command).Sql;

    /// <summary>The statement in all its forms.</summary>
    public SubstitutedSql Statement => ((Command.RunSql)command).Statement;

    /// <summary>The form to run; <c>null</c> as long as none has failed.</summary>
    public int? Form { get; set; }

    /// <summary>The statement, with literals, as it was last run.</summary>
    public string RanSql => Form is { } form && StatementForms.Find(Statement, form) is { } ran ? ran.Sql.Text : Sql;

    /// <summary>Why the server could not make sense of the first form.</summary>
    public PostgresException? FormError { get; set; }

    /// <summary>The row to write, if a request was answered whose response goes into a table.</summary>
    public SinkWrite? Sink { get; set; }

    /// <summary>The first attempt, if it is over already.</summary>
    public EarlyResult? Early { get; set; }

    /// <summary>Measures the step from its start on.</summary>
    public RunningStep? Measured { get; set; }

    /// <summary>The number of attempts made.</summary>
    public int Attempt { get; set; }

    public StepPhase Phase { get; set; }

    /// <summary>How often the connection was lost during the step.</summary>
    public int Losses { get; set; }

    /// <summary>Fires when the step is no longer wanted: its statement is to be stopped.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>The step waits for its turn. Until then it can be taken back.</summary>
    public void WaitForTurn() => Volatile.Write(ref _turn, Waiting);

    /// <summary>The step's turn has come. Returns <c>false</c> if it was taken back.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _turn, Begun, Waiting) == Waiting;

    /// <summary>Takes back a step that waits for its turn. A response stays, because the request would be sent again.</summary>
    public bool TryTakeBack() => Sink is null && Interlocked.CompareExchange(ref _turn, TakenBack, Waiting) == Waiting;

    public bool IsTakenBack => Volatile.Read(ref _turn) == TakenBack;

    /// <summary>What the user sees of an error of the statement.</summary>
    public StepError Describe(Exception e) => Sink?.Describe(e) ?? SqlErrors.Describe(e, RanSql);

    // On another thread: to stop a statement means to talk to the server and wait.
    public void Stop() => _ = _stop.CancelAsync();

    /// <summary>Reports that the step has failed.</summary>
    public void Fail(StepError error, DateTimeOffset started)
    {
        Measured?.Fail(error.SqlState);
        instance.Failed(this, error, started);
    }

    public EarlyResult? TakeEarly()
    {
        var early = Early;
        Early = null;
        return early;
    }
}
