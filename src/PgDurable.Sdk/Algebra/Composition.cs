using PgDurable.Graph;

namespace PgDurable;

/// <summary>Writes a composed node: its envelope, and the SQL expression that composes it.</summary>
internal static class Composition
{
    /// <exception cref="ArgumentException">The settings don't fit the kind of node.</exception>
    public static DfNode Node(Composed<DfNode> composed, SqlExpression? sql = null)
    {
        if (composed.Query is { } config)
            Check(composed.Kind, config);
        var json = new List<object>();
        EnvelopeWriter.WriteUnnamed(composed, json.Add, child => json.Add(child.Json));
        return new DfNode(new TextPieces([.. json]), sql ?? Call(composed));
    }

    private static SqlExpression Call(Composed<DfNode> composed)
    {
        var pieces = new List<object>();
        CallWriter.Write(composed, indent: null, pieces.Add, (child, _) => pieces.Add(child.Sql.Text));
        return new SqlExpression(new TextPieces([.. pieces]), SqlForm.Closed);
    }

    private static void Check(NodeKind kind, string config)
    {
        StepText.Check(config);
        try
        {
            NodeConfig.Check(kind, config);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }
}
