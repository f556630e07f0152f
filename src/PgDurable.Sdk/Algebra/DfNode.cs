using System.Diagnostics.CodeAnalysis;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable;

/// <summary>
/// A workflow's graph, or a part of one, put together at run time. It is immutable: composing it with others returns a new node. Wherever a
/// node is expected, text becomes a step implicitly.
/// </summary>
/// <remarks>
/// From the same arguments, this class and the functions of schema <c>df</c> compose the same graph, byte for byte. A graph of any size
/// can be composed, but one that is started may have at most <see cref="WorkflowGraph.MaxNodes"/> nodes, nested at most
/// <see cref="WorkflowGraph.MaxDepth"/> deep (a chain of steps is as deep as it is long).
/// </remarks>
/// <example><code>
/// var totals = (Df.Sql("SELECT count(*) FROM users").As("u") &amp; Df.Sql("SELECT count(*) FROM orders").As("o"))
///     .Then("INSERT INTO totals VALUES ($u, $o)");
/// var run = await client.StartAsync(totals, label: "totals");
/// </code></example>
public sealed class DfNode
{
    // The envelope without its name and its end, or a whole envelope as it was received.
    private readonly TextPieces? _body;
    private readonly string? _received;
    private readonly SqlExpression _unnamed;

    /// <summary>An envelope without its name and its end.</summary>
    internal DfNode(TextPieces body, SqlExpression sql, string? name = null)
    {
        (_body, _unnamed) = (body, sql);
        Json = new TextPieces(body, EnvelopeWriter.End(name));
        Sql = name is null
            ? sql
            : new SqlExpression(new TextPieces("(", sql.Operand, " |=> ", SqlQuote.Literal(name), ")"), SqlForm.Closed);
    }

    /// <summary>An envelope as it was received.</summary>
    internal DfNode(string received, SqlExpression sql)
    {
        (_received, _unnamed) = (received, sql);
        Json = new TextPieces(received);
        Sql = sql;
    }

    internal TextPieces Json { get; }

    /// <summary>The same node without its name.</summary>
    internal DfNode Unnamed => _body is not null
        ? new DfNode(_body, _unnamed)
        : new DfNode(StepText.WithoutName(_received!) + "}", _unnamed);

    internal SqlExpression Sql { get; }

    /// <summary>Turns text into a step: an envelope becomes its graph, anything else one SQL statement.</summary>
    /// <param name="text">The text. Null stays null.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">
    /// The text is a malformed envelope, or the word <c>OK</c>, which <c>df.setvar</c> and its kind return.
    /// </exception>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator DfNode?(string? text) => text is null ? null : StepText.Read(text);

    /// <summary>Runs both at the same time and waits for both: <see cref="Df.Join"/>.</summary>
    /// <param name="left">The first branch.</param>
    /// <param name="right">The second branch.</param>
    /// <returns>The composed node; <c>a &amp; b &amp; c</c> is <c>(a &amp; b) &amp; c</c>.</returns>
    public static DfNode operator &(DfNode left, DfNode right) => Df.Join(left, right);

    /// <summary>Runs both at the same time; the first to end decides: <see cref="Df.Race"/>.</summary>
    /// <param name="left">The first branch.</param>
    /// <param name="right">The second branch.</param>
    /// <returns>The composed node.</returns>
    public static DfNode operator |(DfNode left, DfNode right) => Df.Race(left, right);

    /// <summary>Runs this node, then another: <see cref="Df.Seq"/>.</summary>
    /// <param name="next">The node that runs next.</param>
    /// <returns>The composed node.</returns>
    public DfNode Then(DfNode next) => Df.Seq(this, next);

    /// <summary>Names the result: <see cref="Df.As"/>.</summary>
    /// <param name="name">An ASCII letter or underscore, then ASCII letters, digits and underscores. It can't be <c>input</c>.</param>
    /// <returns>The named node.</returns>
    /// <exception cref="ArgumentException">The name is invalid.</exception>
    public DfNode As(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
            throw new ArgumentException("df.as: result name cannot be empty");
        if (ResultNames.Problem(name) is { } problem)
            throw new ArgumentException($"df.as: {problem}");
        return new DfNode(_body ?? new TextPieces(StepText.WithoutName(_received!)), _unnamed, name);
    }

    /// <summary>The graph as the JSON envelope that <c>df.start</c> and <c>df.register_workflow</c> take.</summary>
    /// <returns>The JSON text, the same as the SQL composers return.</returns>
    public string ToJson() => Json.ToString();

    /// <summary>The SQL expression that composes the graph, to read or to paste: <c>SELECT df.start(…)</c>.</summary>
    /// <returns>The expression. Its meaning doesn't depend on <c>standard_conforming_strings</c>.</returns>
    public string ToSql() => Sql.Whole.ToString();

    /// <summary>The graph as the tree that <c>df.explain</c> prints.</summary>
    /// <returns>The lines of the tree, padded to the same width. For a graph that can't be started, the problem.</returns>
    public string Explain()
    {
        try
        {
            return GraphTree.Write(Read());
        }
        catch (GraphFormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>The graph as a Mermaid flowchart.</summary>
    /// <returns>The text of the chart.</returns>
    /// <exception cref="GraphFormatException">The graph can't be started.</exception>
    public string ToMermaid() => GraphMermaid.Write(Read());

    /// <summary>Checks the graph as <c>df.start</c> does.</summary>
    /// <remarks>
    /// The database checks it again. What only the database knows, such as the called workflows, is checked when the step runs.
    /// </remarks>
    /// <exception cref="GraphFormatException">The graph can't be started. The message is that of <c>df.start</c>.</exception>
    public void Validate() => Read();

    private WorkflowGraph Read() => GraphReader.Read(ToJson(), isToStart: true);
}
