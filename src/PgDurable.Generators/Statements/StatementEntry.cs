using PgDurable.Generators.Sql;

namespace PgDurable.Generators.Statements;

/// <summary>What the server said about a statement.</summary>
/// <param name="Sql">The statement, with its references.</param>
/// <param name="Line">The line of its entry in the file, counted from 0.</param>
internal sealed record StatementEntry(string Sql, int Line)
{
    /// <summary>The columns of its result; null if it wasn't described.</summary>
    public IReadOnlyList<DescribedColumn>? Columns { get; init; }

    /// <summary>The types of its parameters, by reference. A reference may have several.</summary>
    public ILookup<string, string>? Parameters { get; init; }

    /// <summary>Why the server doesn't accept it; null if it does.</summary>
    public string? Error { get; init; }

    /// <summary>Where in the statement the error is, counted from 0; null if it isn't known.</summary>
    public int? ErrorPosition { get; init; }
}

/// <summary>A column of a statement's result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as <c>format_type</c> writes it.</param>
/// <param name="IsNullable">Whether it may be NULL; null if that isn't known.</param>
internal sealed record DescribedColumn(string Name, string Type, bool? IsNullable)
{
    public SelectColumn ToSelectColumn() => new(Name, Type);
}
