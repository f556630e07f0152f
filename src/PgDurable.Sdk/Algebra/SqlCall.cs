using System.Globalization;
using PgDurable.Sql;

namespace PgDurable;

/// <summary>Writes the call of a composer. Arguments that were not given are left out, those after a gap go by their names.</summary>
internal sealed class SqlCall(string function)
{
    private readonly List<object> _pieces = [function, "("];
    private bool _hasGap;

    public SqlExpression Expression => new(new TextPieces([.. _pieces, ")"]), SqlForm.Closed);

    public SqlCall Add(string name, DfNode? node) => Append(name, node?.Sql.Text);

    public SqlCall Add(string name, SqlExpression call) => Append(name, call.Text);

    /// <summary>A flag, which is left out when it is false.</summary>
    public SqlCall AddFlag(string name, bool flag) => Append(name, flag ? "true" : null);

    public SqlCall Add(string name, string? text) => Append(name, text is null ? null : SqlQuote.Literal(text));

    public SqlCall AddNumber(string name, string number) => Append(name, number);

    public SqlCall Add(string name, decimal? number) => Append(name, number?.ToString(CultureInfo.InvariantCulture));

    public SqlCall Add(string name, IReadOnlyCollection<string>? texts) =>
        Append(name, texts is null ? null : $"ARRAY[{string.Join(", ", texts.Select(SqlQuote.Literal))}]");

    public SqlCall AddEndpoint(string name, string server, string path) => Append(name, $"df.endpoint({SqlQuote.Literal(server)}, {SqlQuote.Literal(path)})");

    /// <summary>An argument with a default, which is left out when it has it.</summary>
    public SqlCall AddUnless(decimal otherwise, string name, decimal number) => Add(name, number == otherwise ? null : (decimal?)number);

    /// <summary>An argument with a default, which is left out when it has it.</summary>
    public SqlCall AddUnless(string otherwise, string name, string text) => Add(name, text == otherwise ? null : text);

    private SqlCall Append(string name, object? value)
    {
        if (value is null)
        {
            _hasGap = true;
            return this;
        }
        if (_pieces.Count > 2)
            _pieces.Add(", ");
        if (_hasGap)
            _pieces.Add($"{name} => ");
        _pieces.Add(value);
        return this;
    }
}
