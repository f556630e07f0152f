using System.Diagnostics.CodeAnalysis;
using PgDurable.Graph;
using PgDurable.Sql;

namespace PgDurable;

/// <summary>
/// A workflow's graph, or a part of one, put together at run time. It never changes: whatever composes it with others returns another one.
/// Text becomes a step by itself wherever a node is expected.
/// </summary>
/// <remarks>
/// What is composed here and what the functions of schema <c>df</c> compose of the same arguments is the same graph, to the byte. A graph
/// of any size can be composed; what can be started has at most <see cref="WorkflowGraph.MaxNodes"/> nodes, nested at most
/// <see cref="WorkflowGraph.MaxDepth"/> deep (a chain of steps is as deep as it is long).
/// </remarks>
/// <example><code>
/// var totals = (Df.Sql("SELECT count(*) FROM users").As("u") &amp; Df.Sql("SELECT count(*) FROM orders").As("o"))
///     .Then("INSERT INTO totals VALUES ($u, $o)");
/// var run = await client.StartAsync(totals, label: "totals");
/// </code></example>
public sealed class DfNode
{
    // The envelope without its name and its end; or a whole one, as it was received.
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

    /// <summary>The same without its name.</summary>
    internal DfNode Unnamed => _body is not null
        ? new DfNode(_body, _unnamed)
        : new DfNode(StepText.WithoutName(_received!) + "}", _unnamed);

    internal SqlExpression Sql { get; }

    /// <summary>A text as a step: the envelope of a graph is that graph, anything else the text of one SQL statement.</summary>
    /// <param name="text">The text; null stays null.</param>
    /// <returns>The step.</returns>
    /// <exception cref="ArgumentException">
    /// The text is a malformed envelope, or the word <c>OK</c>, which <c>df.setvar</c> and its kind return.
    /// </exception>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator DfNode?(string? text) => text is null ? null : StepText.Read(text);

    /// <summary>Both at the same time, waiting for both: <see cref="Df.Join"/>.</summary>
    /// <param name="left">The first branch.</param>
    /// <param name="right">The second branch.</param>
    /// <returns>The composed node; <c>a &amp; b &amp; c</c> is <c>(a &amp; b) &amp; c</c>.</returns>
    public static DfNode operator &(DfNode left, DfNode right) => Df.Join(left, right);

    /// <summary>Both at the same time, the first to end decides: <see cref="Df.Race"/>.</summary>
    /// <param name="left">The first branch.</param>
    /// <param name="right">The second branch.</param>
    /// <returns>The composed node.</returns>
    public static DfNode operator |(DfNode left, DfNode right) => Df.Race(left, right);

    /// <summary>This one, then another: <see cref="Df.Seq"/>.</summary>
    /// <param name="next">What comes after it.</param>
    /// <returns>The composed node.</returns>
    public DfNode Then(DfNode next) => Df.Seq(this, next);

    /// <summary>Names the result: <see cref="Df.As"/>.</summary>
    /// <param name="name">A letter or underscore, then letters, digits and underscores, all of ASCII; not <c>input</c>.</param>
    /// <returns>The named node.</returns>
    /// <exception cref="ArgumentException">The name is not one.</exception>
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

    /// <summary>The graph as a SQL expression that composes it, to read or to paste: <c>SELECT df.start(…)</c>.</summary>
    /// <returns>The expression. Values are quoted so that it means the same whatever <c>standard_conforming_strings</c> says.</returns>
    public string ToSql() => Sql.Whole.ToString();

    /// <summary>The graph as the tree that <c>df.explain</c> prints.</summary>
    /// <returns>The lines of the tree, padded to one width; for a graph that can't be started, what is wrong with it.</returns>
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

    /// <summary>Checks the graph as <c>df.start</c> does before it writes anything.</summary>
    /// <remarks>
    /// The database checks it again. What only the database knows, such as workflows that are called, is checked when the step runs.
    /// </remarks>
    /// <exception cref="GraphFormatException">The graph can't be started; the message is what <c>df.start</c> says.</exception>
    public void Validate() => Read();

    private WorkflowGraph Read() => GraphReader.Read(ToJson(), isToStart: true);
}
