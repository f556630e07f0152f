namespace PgDurable;

public partial class Flow
{
    /// <summary>Runs one of two branches.</summary>
    /// <param name="condition">A C# condition over results and the input: it becomes SQL and is evaluated when the step runs.</param>
    /// <param name="then">The branch when it is true.</param>
    /// <param name="otherwise">The branch when it is false; null is nothing.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow If(bool condition, Func<Flow, Flow> then, Func<Flow, Flow>? otherwise = null) => throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches that have a result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="condition">A C# condition over results and the input: it becomes SQL and is evaluated when the step runs.</param>
    /// <param name="then">The branch when it is true.</param>
    /// <param name="otherwise">The branch when it is false.</param>
    /// <returns>The flow, to add the next step to, or to return with the branch's result.</returns>
    public Flow<T> If<T>(bool condition, Func<Flow, Flow<T>> then, Func<Flow, Flow<T>> otherwise) => throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches that have a result, for later steps to refer to.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="condition">A C# condition over results and the input: it becomes SQL and is evaluated when the step runs.</param>
    /// <param name="then">The branch when it is true.</param>
    /// <param name="otherwise">The branch when it is false.</param>
    /// <param name="result">The branch's result.</param>
    /// <returns>The flow, to add the next step to, or to return with the branch's result.</returns>
    public Flow<T> If<T>(bool condition, Func<Flow, Flow<T>> then, Func<Flow, Flow<T>> otherwise, out T result) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs the body while the condition is true; not even once when it is false at first.</summary>
    /// <param name="condition">A C# condition over results and the input: it becomes SQL and is evaluated when the step runs. A step of the body changes what it refers to with <c>out variable</c>.</param>
    /// <param name="body">What is repeated.</param>
    /// <param name="minInterval">
    /// The least from the beginning of one iteration to that of the next: whole milliseconds, up to a day; null is the server's
    /// <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a step that fails ends its iteration only: the condition is not asked, and the next one begins. A condition that fails, and a reference
    /// without a value, end the loop all the same.
    /// </param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow While(bool condition, Func<Flow, Flow> body, TimeSpan? minInterval = null, bool continueOnFailure = false) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches.</summary>
    /// <param name="condition">A query; its first value decides: false, 0, empty and NULL are false, and so is no row.</param>
    /// <param name="then">The branch when it is true.</param>
    /// <param name="otherwise">The branch when it is false; null is nothing.</param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow If(SqlText condition, Func<Flow, Flow> then, Func<Flow, Flow>? otherwise = null) => throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches that have a result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="condition">A query; its first value decides: false, 0, empty and NULL are false, and so is no row.</param>
    /// <param name="then">The branch when it is true.</param>
    /// <param name="otherwise">The branch when it is false.</param>
    /// <returns>The flow, to add the next step to, or to return with the branch's result.</returns>
    public Flow<T> If<T>(SqlText condition, Func<Flow, Flow<T>> then, Func<Flow, Flow<T>> otherwise) => throw DefinitionOnly.Error();

    /// <summary>Runs one of two branches that have a result, for later steps to refer to.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="condition">A query; its first value decides: false, 0, empty and NULL are false, and so is no row.</param>
    /// <param name="then">The branch when it is true.</param>
    /// <param name="otherwise">The branch when it is false.</param>
    /// <param name="result">The branch's result.</param>
    /// <returns>The flow, to add the next step to, or to return with the branch's result.</returns>
    public Flow<T> If<T>(SqlText condition, Func<Flow, Flow<T>> then, Func<Flow, Flow<T>> otherwise, out T result) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs the body while the condition is true; not even once when it is false at first.</summary>
    /// <param name="condition">A query; its first value decides: false, 0, empty and NULL are false, and so is no row. A step of the body changes what it refers to with <c>out variable</c>.</param>
    /// <param name="body">What is repeated.</param>
    /// <param name="minInterval">
    /// The least from the beginning of one iteration to that of the next: whole milliseconds, up to a day; null is the server's
    /// <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a step that fails ends its iteration only: the condition is not asked, and the next one begins. A condition that fails, and a reference
    /// without a value, end the loop all the same.
    /// </param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow While(SqlText condition, Func<Flow, Flow> body, TimeSpan? minInterval = null, bool continueOnFailure = false) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs the body again and again, until <see cref="Break()"/>.</summary>
    /// <param name="body">What is repeated.</param>
    /// <param name="minInterval">
    /// The least from the beginning of one iteration to that of the next: whole milliseconds, up to a day; null is the server's
    /// <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a step that fails ends its iteration only, and the next one begins. A reference without a value ends the loop all the same.
    /// </param>
    /// <returns>The flow, to add the next step to.</returns>
    public Flow Forever(Func<Flow, Flow> body, TimeSpan? minInterval = null, bool continueOnFailure = false) => throw DefinitionOnly.Error();

    /// <summary>Runs the body again and again, until <see cref="Break{T}(T)"/> ends it with a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="body">What is repeated.</param>
    /// <param name="minInterval">
    /// The least from the beginning of one iteration to that of the next: whole milliseconds, up to a day; null is the server's
    /// <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a step that fails ends its iteration only, and the next one begins. A reference without a value ends the loop all the same.
    /// </param>
    /// <returns>The flow, to add the next step to, or to return with the value.</returns>
    public Flow<T> Forever<T>(Func<Flow, Flow> body, TimeSpan? minInterval = null, bool continueOnFailure = false) => throw DefinitionOnly.Error();

    /// <summary>Runs the body again and again, until <see cref="Break{T}(T)"/> ends it with a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="body">What is repeated.</param>
    /// <param name="result">The value, for later steps to refer to.</param>
    /// <param name="minInterval">
    /// The least from the beginning of one iteration to that of the next: whole milliseconds, up to a day; null is the server's
    /// <c>pg_durable.min_loop_interval</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a step that fails ends its iteration only, and the next one begins. A reference without a value ends the loop all the same.
    /// </param>
    /// <returns>The flow, to add the next step to, or to return with the value.</returns>
    public Flow<T> Forever<T>(Func<Flow, Flow> body, out T result, TimeSpan? minInterval = null, bool continueOnFailure = false) => throw DefinitionOnly.Error();

    /// <summary>Ends the innermost loop.</summary>
    /// <returns>The flow; nothing can come after it.</returns>
    public Flow Break() => throw DefinitionOnly.Error();

    /// <summary>Ends the innermost loop with a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value: a result, a part of one, a constant, or a condition or calculation over them.</param>
    /// <returns>The flow; nothing can come after it.</returns>
    public Flow Break<T>(T value) => throw DefinitionOnly.Error();
}
