namespace PgDurable;

public partial class Flow
{
    /// <summary>Runs the body while the condition is true. The body doesn't run at all if the condition is false at first.</summary>
    /// <param name="condition">
    /// A C# condition over results and the input. It becomes SQL and is evaluated before each iteration. To change its outcome, a step in
    /// the body assigns a variable that it uses: <c>out variable</c>.
    /// </param>
    /// <param name="body">The steps to repeat.</param>
    /// <param name="minInterval">
    /// The minimum time from the start of one iteration to the start of the next: whole milliseconds, at most one day. Null uses the
    /// server's <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a failed step ends only its iteration. The next iteration then starts without evaluating the condition. A condition that
    /// fails, or a reference without a value, ends the loop regardless.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow While(bool condition, Func<Flow, Flow> body, TimeSpan? minInterval = null, bool continueOnFailure = false) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs the body while the condition is true. The body doesn't run at all if the condition is false at first.</summary>
    /// <param name="condition">
    /// A query whose first value decides: false, 0, empty text, NULL and no row count as false. To change its outcome, a step in the body
    /// assigns a variable that it uses: <c>out variable</c>.
    /// </param>
    /// <param name="body">The steps to repeat.</param>
    /// <param name="minInterval">
    /// The minimum time from the start of one iteration to the start of the next: whole milliseconds, at most one day. Null uses the
    /// server's <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a failed step ends only its iteration. The next iteration then starts without evaluating the condition. A condition that
    /// fails, or a reference without a value, ends the loop regardless.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow While(SqlText condition, Func<Flow, Flow> body, TimeSpan? minInterval = null, bool continueOnFailure = false) =>
        throw DefinitionOnly.Error();

    /// <summary>Repeats the body until <see cref="Break()"/> ends the loop.</summary>
    /// <param name="body">The steps to repeat.</param>
    /// <param name="minInterval">
    /// The minimum time from the start of one iteration to the start of the next: whole milliseconds, at most one day. Null uses the
    /// server's <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a failed step ends only its iteration, so that the next one starts. A reference without a value ends the loop regardless.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Forever(Func<Flow, Flow> body, TimeSpan? minInterval = null, bool continueOnFailure = false) =>
        throw DefinitionOnly.Error();

    /// <summary>Repeats the body until <see cref="Break{T}(T)"/> ends the loop with a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="body">The steps to repeat.</param>
    /// <param name="minInterval">
    /// The minimum time from the start of one iteration to the start of the next: whole milliseconds, at most one day. Null uses the
    /// server's <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a failed step ends only its iteration, so that the next one starts. A reference without a value ends the loop regardless.
    /// </param>
    /// <returns>The flow, to chain the next step or to return the value.</returns>
    public Flow<T> Forever<T>(Func<Flow, Flow> body, TimeSpan? minInterval = null, bool continueOnFailure = false) =>
        throw DefinitionOnly.Error();

    /// <summary>Repeats the body until <see cref="Break{T}(T)"/> ends the loop with a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="body">The steps to repeat.</param>
    /// <param name="result">The value, which later steps can refer to.</param>
    /// <param name="minInterval">
    /// The minimum time from the start of one iteration to the start of the next: whole milliseconds, at most one day. Null uses the
    /// server's <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a failed step ends only its iteration, so that the next one starts. A reference without a value ends the loop regardless.
    /// </param>
    /// <returns>The flow, to chain the next step or to return the value.</returns>
    public Flow<T> Forever<T>(Func<Flow, Flow> body, out T result, TimeSpan? minInterval = null, bool continueOnFailure = false) =>
        throw DefinitionOnly.Error();

    /// <summary>Ends the innermost loop.</summary>
    /// <returns>The flow. No step can follow.</returns>
    public Flow Break() => throw DefinitionOnly.Error();

    /// <summary>Ends the innermost loop with a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value: a result, part of a result, a constant, or a condition or calculation over these.</param>
    /// <returns>The flow. No step can follow.</returns>
    public Flow Break<T>(T value) => throw DefinitionOnly.Error();
}
