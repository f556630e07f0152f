using Npgsql;
using PgDurable.Testing.Answers;
using PgDurable.Testing.Running;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing;

/// <content>The answers of steps, servers and child workflows.</content>
public sealed partial class WorkflowTest<TOut>
{
    /// <summary>
    /// Answers a step with rows. If you call this repeatedly for the same step, each answer is for one execution, and the last one for all
    /// further executions, even if steps of this name stand at several places.
    /// </summary>
    /// <typeparam name="TRow">
    /// A record or class whose properties are the columns, named by <see cref="ColumnAttribute"/> or in snake_case; an anonymous type; the
    /// type of a single column; or <see cref="RowsAffected"/> for a statement that returns no rows.
    /// </typeparam>
    /// <param name="step">The step's name.</param>
    /// <param name="rows">The rows, or nothing for an empty result.</param>
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

    /// <summary>Answers a step with a function.</summary>
    /// <param name="step">The step's name.</param>
    /// <param name="answer">The function. It returns the same values as the function of <see cref="Sql"/>.</param>
    public WorkflowTest<TOut> Rows(string step, Func<TestStep, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Add(step, answer, null);
    }

    /// <summary>
    /// Answers steps with a function, which sees the SQL as it runs. Answers by name come first, then functions in the order in which they
    /// were added.
    /// </summary>
    /// <param name="answer">
    /// The function. It returns a row, a list of rows, a single value, a <see cref="RowsAffected"/> or a <see cref="StepFailure"/>, or null
    /// for steps that it doesn't answer.
    /// </param>
    public WorkflowTest<TOut> Sql(Func<TestStep, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _answers.Add(book => book.Function(answer));
        return this;
    }

    /// <summary>
    /// Lets every INSERT, UPDATE, DELETE and MERGE without RETURNING succeed if nothing else answers it, and every command that returns no
    /// rows, such as VACUUM, CREATE and DO.
    /// </summary>
    /// <param name="rowsAffected">The number of rows that each INSERT, UPDATE, DELETE and MERGE changes.</param>
    public WorkflowTest<TOut> AnswerWrites(long rowsAffected = 1)
    {
        _answers.Add(book => book.WritesAffect = rowsAffected);
        return this;
    }

    /// <summary>
    /// Runs the SQL of all steps that have no other answer in one transaction, which is rolled back. Everything else stays virtual.
    /// <c>now()</c> is the real time at which the transaction began. Statements that can't run in a transaction block fail.
    /// </summary>
    /// <param name="connection">
    /// The connection. If a transaction is already open on it, for example with rows that the test inserted, the run uses that transaction
    /// and afterwards undoes only what the workflow did. The transaction stays open.
    /// </param>
    public WorkflowTest<TOut> UsePostgres(NpgsqlConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _database = () => new RealSql(connection, isOurs: false);
        return this;
    }

    /// <summary>Does the same on a connection that is opened for the run.</summary>
    /// <param name="connectionString">The connection string.</param>
    public WorkflowTest<TOut> UsePostgres(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        _database = () => new RealSql(new NpgsqlConnection(connectionString), isOurs: true);
        return this;
    }

    /// <summary>Answers requests with a function.</summary>
    /// <param name="reply">The function. It returns null for requests that it doesn't answer.</param>
    public WorkflowTest<TOut> Http(Func<TestHttpRequest, HttpReply?> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        _answers.Add(book => book.Http(null, reply));
        return this;
    }

    /// <summary>Answers the requests of one step with a function.</summary>
    /// <param name="step">The step's name.</param>
    /// <param name="reply">The function. It returns null for requests that it doesn't answer.</param>
    public WorkflowTest<TOut> Http(string step, Func<TestHttpRequest, HttpReply?> reply)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        ArgumentNullException.ThrowIfNull(reply);
        _answers.Add(book => book.Http(step, reply));
        return this;
    }

    /// <summary>
    /// Runs a child workflow when it is called. Steps that <paramref name="answers"/> doesn't answer are answered by this test.
    /// </summary>
    /// <param name="definition">The child workflow.</param>
    /// <param name="answers">Adds answers for the child's steps, or null for none.</param>
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

    /// <summary>Answers calls of a child workflow with a result, without running it.</summary>
    /// <param name="workflow">The child workflow's registered name.</param>
    /// <param name="result">
    /// The result of its last step: rows as in <see cref="Rows{TRow}"/>, a <see cref="StepFailure"/>, or JSON
    /// (<see cref="System.Text.Json.JsonElement"/>), which is used unchanged.
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

    /// <summary>
    /// Makes a step fail. Failures come before answers, and a failed execution doesn't use up an answer. A failure of an activity says that
    /// another attempt may succeed; for one that doesn't, throw an <see cref="ActivityException"/> in its answer.
    /// </summary>
    /// <param name="step">The name of the step: a statement, a request, an activity, or a call of a child workflow.</param>
    /// <param name="sqlState">The SQLSTATE. See <see cref="StepFailure"/> for those that the worker itself retries.</param>
    /// <param name="message">The message, or null for a default that says that the test caused the failure.</param>
    /// <param name="attempts">The number of executions that fail. By default, all fail.</param>
    public WorkflowTest<TOut> FailStep(string step, string sqlState, string? message = null, int attempts = int.MaxValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        ArgumentException.ThrowIfNullOrEmpty(sqlState);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        _answers.Add(book => book.Fail(step, new StepFailure(sqlState, message), attempts));
        return this;
    }

    /// <summary>
    /// Sets the virtual time that a step takes. Other steps take none. The step's effect happens at the end of that time, or never if the
    /// step is stopped before.
    /// </summary>
    /// <param name="step">The name of the step: a statement, a request or an activity.</param>
    /// <param name="duration">The duration of each execution.</param>
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

    // If a list is given in place of rows, its elements are the rows.
    private static Type Row(Type type) => PgType.IsScalar(type) ? type : PgType.ElementOf(type) ?? type;
}
