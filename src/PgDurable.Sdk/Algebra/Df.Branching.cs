using PgDurable.Graph;

namespace PgDurable;

public static partial class Df
{
    /// <summary>
    /// Runs the body, then again while the condition is true; without a condition until <see cref="Break"/>. In SQL <c>@> body</c>.
    /// </summary>
    /// <param name="body">What is repeated.</param>
    /// <param name="condition">
    /// Runs after each iteration, and ends the loop when its first value is false, 0, empty or NULL, or there is no row.
    /// </param>
    /// <param name="minIntervalMs">
    /// The fewest milliseconds from the beginning of one iteration to that of the next, from 0 to 86400000; null is the setting
    /// <c>pg_durable.min_loop_interval</c>. In SQL <c>df.pace</c>.
    /// </param>
    /// <param name="continueOnFailure">
    /// Whether a step that fails ends its iteration only: the condition is skipped, and the next iteration begins. A condition that fails and a reference
    /// without a value end the loop all the same.
    /// </param>
    /// <returns>The composed node.</returns>
    /// <exception cref="ArgumentException">The interval is out of range.</exception>
    public static DfNode Loop(DfNode body, DfNode? condition = null, int? minIntervalMs = null, bool continueOnFailure = false)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Composition.Node(Composer<DfNode>.Loop(body, condition, new LoopSettings(minIntervalMs, continueOnFailure)));
    }

    /// <summary>Ends the innermost loop around it.</summary>
    /// <param name="value">The loop's result: JSON, or else a string. References in it are replaced. Null is null.</param>
    /// <returns>The step.</returns>
    public static DfNode Break(string? value = null) => Composition.Node(Composer<DfNode>.Break(value));

    /// <summary>Runs the condition, then one of two branches. In SQL <c>(condition ?> then) !> otherwise</c>.</summary>
    /// <param name="condition">Decides by its first value: false, 0, empty and NULL are false, and so is no row.</param>
    /// <param name="then">The branch when it is true.</param>
    /// <param name="otherwise">The branch when it is false.</param>
    /// <returns>The composed node.</returns>
    public static DfNode If(DfNode condition, DfNode then, DfNode otherwise)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(otherwise);
        return Composition.Node(Composer<DfNode>.If(condition, then, otherwise));
    }

    /// <summary>Runs one of two branches, by whether a named result has rows.</summary>
    /// <param name="resultName">
    /// The result; that something in the graph has this name is checked when the graph is started, and by <see cref="DfNode.Validate"/>.
    /// </param>
    /// <param name="then">The branch when it has rows.</param>
    /// <param name="otherwise">The branch when it has none.</param>
    /// <returns>The composed node.</returns>
    public static DfNode IfRows(string resultName, DfNode then, DfNode otherwise)
    {
        ArgumentNullException.ThrowIfNull(resultName);
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(otherwise);
        return Composition.Node(Composer<DfNode>.IfRows(resultName, then, otherwise));
    }
}
