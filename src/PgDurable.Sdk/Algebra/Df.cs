using System.Text.Json.Nodes;
using PgDurable.Graph;

namespace PgDurable;

/// <summary>
/// Composes graphs that are known only at run time: one method for each composer of schema <c>df</c>, with its arguments, its checks and
/// its messages. Wherever a <see cref="DfNode"/> is expected, the text of a SQL statement will do.
/// </summary>
/// <remarks>
/// Nothing here asks the database. Every method throws <see cref="ArgumentNullException"/> for a null that isn't allowed, and
/// <see cref="ArgumentException"/> for text that PostgreSQL can't store (NUL, half of a surrogate pair).
/// </remarks>
public static partial class Df
{
    /// <summary>A step that runs one SQL statement.</summary>
    /// <param name="query">The statement. Even an envelope counts as plain text here.</param>
    /// <returns>The step.</returns>
    public static DfNode Sql(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return StepText.Sql(query);
    }

    /// <summary>Runs one node, then another. The result is that of the second. In SQL: <c>first ~> second</c>.</summary>
    /// <param name="first">The node that runs first.</param>
    /// <param name="second">The node that runs next.</param>
    /// <returns>The composed node.</returns>
    public static DfNode Seq(DfNode first, DfNode second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var sql = new TextPieces(first.Sql.Text, "\n  ~> ", second.Sql.Operand);
        return Composition.Node(Composer<DfNode>.Then(first, second), new SqlExpression(sql, SqlForm.Chain));
    }

    /// <summary>
    /// Names the result of a node. Later steps read it as <c>$name</c>, <c>$name.column</c>, <c>$name.*</c>. In SQL: <c>node |=> name</c>.
    /// </summary>
    /// <param name="node">The node. The new name replaces any earlier one.</param>
    /// <param name="name">An ASCII letter or underscore, then ASCII letters, digits and underscores. It can't be <c>input</c>.</param>
    /// <returns>The named node.</returns>
    /// <exception cref="ArgumentException">The name is invalid.</exception>
    public static DfNode As(DfNode node, string name)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.As(name);
    }

    /// <summary>Runs a registered workflow as a step. The workflow is an instance of its own; its result is the step's result.</summary>
    /// <param name="workflow">The name under which it was registered.</param>
    /// <param name="input">
    /// The workflow's input, or null for none. References in its strings are replaced as in
    /// <see cref="HttpJson(string, string, System.Text.Json.Nodes.JsonNode?, IReadOnlyDictionary{string, string}?, int)"/>.
    /// </param>
    /// <param name="version">The version, from 1. Null takes the newest version when the step runs.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the version is less than 1.</exception>
    public static DfNode Call(string workflow, JsonNode? input = null, int? version = null)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return Composition.Node(Composer<DfNode>.Call(workflow, JsonArgument.Text(input), version));
    }

    /// <summary>Makes a task for the application's own code, and waits for its end. What completes the task is the step's result.</summary>
    /// <param name="name">The activity's name: 1 to 200 characters.</param>
    /// <param name="input">
    /// The input, or null for none. References in its strings are replaced as in
    /// <see cref="HttpJson(string, string, System.Text.Json.Nodes.JsonNode?, IReadOnlyDictionary{string, string}?, int)"/>.
    /// </param>
    /// <param name="queue">The queue that the task is claimed from: 1 to 200 characters. Null is the default queue.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">A name is empty or too long.</exception>
    public static DfNode Activity(string name, JsonNode? input = null, string? queue = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Composition.Node(Composer<DfNode>.Activity(name, JsonArgument.Text(input), queue));
    }
}
