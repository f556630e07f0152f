using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Sql;

/// <summary>The columns of a statement's result, as far as the statement's text shows them.</summary>
/// <remarks>
/// It agrees with the server: names and types follow PostgreSQL's own rules, and whatever depends on tables, on the search path or on a
/// construct that isn't known here is left open.
/// </remarks>
/// <param name="Columns">The visible columns, in order.</param>
/// <param name="IsOpen">Whether there may be other columns, because of a <c>*</c> or something that can't be read.</param>
internal sealed record SelectList(EquatableArray<SelectColumn> Columns, bool IsOpen)
{
    /// <summary>Nothing is known.</summary>
    public static SelectList Open { get; } = new(default, IsOpen: true);

    /// <summary>The statement returns no rows.</summary>
    public static SelectList Empty { get; } = new(default, IsOpen: false);

    /// <summary>Reads one statement.</summary>
    /// <param name="sql">Its text; <see cref="Parsing.SqlPlaces.Placeholder"/> stands for a value.</param>
    /// <returns>The columns; null if the text isn't a single statement with all its quotes and parentheses closed.</returns>
    public static SelectList? Read(string sql) =>
        TokenList.Read(sql) is { } tokens ? new QueryReader(tokens).ReadStatement() : null;

    /// <summary>The same columns, without their types.</summary>
    public SelectList WithoutTypes() =>
        new(new(Columns.Select(column => column with { Type = null }).ToArray()), IsOpen);
}
