namespace PgDurable.Testing.Constants;

/// <content>The function that publishes an instance's state.</content>
internal sealed partial class ExpressionReader
{
    private const string Publish = "df.publish";

    /// <summary>What the statement publishes last.</summary>
    public Publication? Published { get; private set; }

    private SqlValue Publishing(List<SqlValue> arguments)
    {
        if (arguments is not [{ IsText: true, IsNull: false } id, var value] || value.Type is not ("jsonb" or "unknown" or "any"))
            throw new NotConstantException();
        if (_passedOver == 0 && !value.IsAny)
            Published = new(id.Output(), value.IsNull ? "null" : value.Cast("jsonb").Output());
        return new SqlValue("void", "");
    }
}
