namespace PgDurable.Testing.Constants;

/// <content>The function that gives an instance a tag.</content>
internal sealed partial class ExpressionReader
{
    private const string Tag = "df.tag";

    private readonly List<Tagging> _tagged = [];

    /// <summary>The tags that the statement sets, in order.</summary>
    public IReadOnlyList<Tagging> Tagged => _tagged;

    private SqlValue TagOf(List<SqlValue> arguments)
    {
        if (arguments is not [{ IsText: true, IsNull: false } id, { IsText: true, IsNull: false } key, { IsText: true } or { IsAny: true }])
            throw new NotConstantException();
        var value = arguments[2];
        if (_passedOver == 0 && !value.IsAny)
            _tagged.Add(new(id.Output(), key.Output(), value.IsNull ? null : value.Output()));
        return SqlValue.Text(id.Output());
    }
}
