using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>
    /// Repeats the body while the condition is true. Without a condition, repeats it until <see cref="Break"/>. In SQL: <c>@> body</c>.
    /// </summary>
    /// <param name="body">The node to repeat.</param>
    /// <param name="condition">
    /// Runs after each iteration. The loop ends if the first value is false, 0, empty or NULL, or if there is no row.
    /// </param>
    /// <param name="minIntervalMs">
    /// The minimum time in milliseconds from the start of one iteration to the start of the next, from 0 to 86400000. Null uses the
    /// setting <c>pg_durable.min_loop_interval</c>. In SQL: <c>df.pace</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether the loop goes on if a step fails: the rest of the iteration and the condition are skipped, and the next iteration begins. A
    /// condition that fails, or a reference without a value, still ends the loop.
    /// </param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">The interval is out of range.</exception>
    public static DfNode Loop(DfNode body, DfNode? condition = null, int? minIntervalMs = null, bool continueOnFailure = false)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Composition.Node(Composer<DfNode>.Loop(body, condition, new LoopSettings(minIntervalMs, continueOnFailure)));
    }

    /// <summary>Ends the innermost enclosing loop.</summary>
    /// <param name="value">
    /// The loop's result: JSON, or any other text as a string. References in it are replaced. Null gives a null result.
    /// </param>
    /// <returns>The step.</returns>
    public static DfNode Break(string? value = null) => Composition.Node(Composer<DfNode>.Break(value));

    /// <summary>Runs the condition, then one of two branches. In SQL: <c>(condition ?> then) !> otherwise</c>.</summary>
    /// <param name="condition">Its first value decides: false, 0, empty text, NULL and no row count as false.</param>
    /// <param name="then">Runs if the condition is true.</param>
    /// <param name="otherwise">Runs if the condition is false.</param>
    /// <returns>The composed node.</returns>
    public static DfNode If(DfNode condition, DfNode then, DfNode otherwise)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(otherwise);
        return Composition.Node(Composer<DfNode>.If(condition, then, otherwise));
    }

    /// <summary>Runs one of two branches, depending on whether a named result has rows.</summary>
    /// <param name="resultName">
    /// The name of the result. The start, and <see cref="DfNode.Validate"/>, check that a node of the graph has this name.
    /// </param>
    /// <param name="then">Runs if the result has rows.</param>
    /// <param name="otherwise">Runs if the result has no rows.</param>
    /// <returns>The composed node.</returns>
    public static DfNode IfRows(string resultName, DfNode then, DfNode otherwise)
    {
        ArgumentNullException.ThrowIfNull(resultName);
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(otherwise);
        return Composition.Node(Composer<DfNode>.IfRows(resultName, then, otherwise));
    }
}
