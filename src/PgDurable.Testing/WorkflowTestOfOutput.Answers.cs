using Npgsql;
using PgDurable.Testing.Answers;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing;

/// <content>What steps, servers and child workflows answer.</content>
public sealed partial class WorkflowTest<TOut>
{
    /// <summary>
    /// Answers a step with rows. Said again for the same step, it is for the next run of it; the last one is for all further runs.
    /// </summary>
    /// <typeparam name="TRow">
    /// A record or class whose properties are columns, by <see cref="ColumnAttribute"/> or else in snake_case; an anonymous type; the type
    /// of a single column; or
    /// <see cref="RowsAffected"/> for a statement that returns none.
    /// </typeparam>
    /// <param name="step">The step's name.</param>
    /// <param name="rows">The rows; none for an empty result.</param>
    public WorkflowTest<TOut> Rows<TRow>(string step, params TRow[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows is [RowsAffected affected])
            return Add(step, _ => affected, null);
        return Add(step, _ => rows, Row(typeof(TRow)));
    }

    /// <summary>Answers a step with no rows.</summary>
    /// <param name="step">The step's name.</param>
    public WorkflowTest<TOut> Rows(string step) => Add(step, _ => Array.Empty<object>(), null);

    /// <summary>Answers a step by a function.</summary>
    /// <param name="step">The step's name.</param>
    /// <param name="answer">Returns what <see cref="Sql"/> takes.</param>
    public WorkflowTest<TOut> Rows(string step, Func<TestStep, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Add(step, answer, null);
    }

    /// <summary>
    /// Answers steps by a function, which looks at the SQL as it runs. Answers by name come first; then functions in the order in which
    /// they were given.
    /// </summary>
    /// <param name="answer">
    /// Returns a row, a list of rows, a single value, <see cref="RowsAffected"/>, or <see cref="StepFailure"/>; null for steps that are
    /// none of its business.
    /// </param>
    public WorkflowTest<TOut> Sql(Func<TestStep, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _answers.Add(book => book.Function(answer));
        return this;
    }

    /// <summary>Every INSERT, UPDATE, DELETE and MERGE without RETURNING that nothing else answers succeeds.</summary>
    /// <param name="rowsAffected">The rows that each changes.</param>
    public WorkflowTest<TOut> AnswerWrites(long rowsAffected = 1)
    {
        _answers.Add(book => book.WritesAffect = rowsAffected);
        return this;
    }

    /// <summary>
    /// Runs the SQL of all steps that have no other answer in one transaction, which is rolled back; everything else stays virtual.
    /// <c>now()</c> is the real time at which the
    /// transaction began. Statements that refuse a transaction block fail.
    /// </summary>
    /// <param name="connection">
    /// A connection. When it is in a transaction already, with rows that the test has made, that one is used and goes on after the run,
    /// without what the workflow did.
    /// </param>
    public WorkflowTest<TOut> UsePostgres(NpgsqlConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _database = () => new RealSql(connection, isOurs: false);
        return this;
    }

    /// <summary>The same, on a connection that is opened for the run.</summary>
    /// <param name="connectionString">How to connect.</param>
    public WorkflowTest<TOut> UsePostgres(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        _database = () => new RealSql(new NpgsqlConnection(connectionString), isOurs: true);
        return this;
    }

    /// <summary>Answers requests by a function.</summary>
    /// <param name="reply">Returns null for requests that are none of its business.</param>
    public WorkflowTest<TOut> Http(Func<TestHttpRequest, HttpReply?> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        _answers.Add(book => book.Http(null, reply));
        return this;
    }

    /// <summary>Answers the requests of one step by a function.</summary>
    /// <param name="step">The step's name.</param>
    /// <param name="reply">Returns null for requests that are none of its business.</param>
    public WorkflowTest<TOut> Http(string step, Func<TestHttpRequest, HttpReply?> reply)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        ArgumentNullException.ThrowIfNull(reply);
        _answers.Add(book => book.Http(step, reply));
        return this;
    }

    /// <summary>
    /// Runs a child workflow when it is called. Its steps are answered by this test too, where <paramref name="answers"/> has nothing for
    /// them.
    /// </summary>
    /// <param name="definition">The child.</param>
    /// <param name="answers">Answers of its own; null for none.</param>
    public WorkflowTest<TOut> Child(WorkflowDefinition definition, Action<WorkflowTest<System.Text.Json.JsonElement>>? answers = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var child = new ChildWorkflow(definition.Name, definition.Version, definition.GraphJson);
        var own = WorkflowTest.For(definition);
        answers?.Invoke(own);
        _answers.Add(book =>
        {
            var inner = new AnswerBook();
            own.Write(inner);
            book.Child(child, inner);
        });
        return this;
    }

    /// <summary>Answers the calls of a child workflow with its result, without running it.</summary>
    /// <param name="workflow">Its registered name.</param>
    /// <param name="result">
    /// What its last step would return: rows as in <see cref="Rows{TRow}"/>, or <see cref="StepFailure"/>; JSON (<see
    /// cref="System.Text.Json.JsonElement"/>) is taken as it is.
    /// </param>
    public WorkflowTest<TOut> Child(string workflow, object result)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflow);
        ArgumentNullException.ThrowIfNull(result);
        _answers.Add(book => book.Child(workflow, _ => result switch
        {
            StepFailure failure => new StepAnswer.Failed(failure.ToError(null)),
            System.Text.Json.JsonElement json => new StepAnswer.Completed(new StepResult(json.GetRawText(), null)),
            _ => new StepAnswer.Completed(RowEncoder.Encode(result, null, "") with { Columns = null }),
        }));
        return this;
    }

    /// <summary>A step fails. Failures come before answers; a run that fails uses up no answer.</summary>
    /// <param name="step">The step's name: a statement, a request, or the call of a child workflow.</param>
    /// <param name="sqlState">The SQLSTATE; see <see cref="StepFailure"/> for those that the worker itself tries again.</param>
    /// <param name="message">The message; null for one that says that the test asked for it.</param>
    /// <param name="attempts">How many runs of the step fail; by default all.</param>
    public WorkflowTest<TOut> FailStep(string step, string sqlState, string? message = null, int attempts = int.MaxValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        ArgumentException.ThrowIfNullOrEmpty(sqlState);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        _answers.Add(book => book.Fail(step, new StepFailure(sqlState, message), attempts));
        return this;
    }

    /// <summary>
    /// A step takes time; all others take none. Its effect comes at the end of that time, and not at all when it is stopped before.
    /// </summary>
    /// <param name="step">The step's name: a statement or a request.</param>
    /// <param name="duration">How long each run of it takes.</param>
    public WorkflowTest<TOut> Takes(string step, TimeSpan duration)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        _answers.Add(book => book.Take(step, duration));
        return this;
    }

    internal void Write(AnswerBook book)
    {
        foreach (var add in _answers)
            add(book);
    }

    private WorkflowTest<TOut> Add(string step, Func<TestStep, object?> answer, Type? declared)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        _answers.Add(book => book.Name(step, answer, declared));
        return this;
    }

    // A list in the place of the rows is the rows.
    private static Type Row(Type type) => PgType.IsScalar(type) ? type : PgType.ElementOf(type) ?? type;
}
