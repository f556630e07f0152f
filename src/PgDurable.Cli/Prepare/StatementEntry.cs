using PgDurable.Cli.Check;

namespace PgDurable.Cli.Prepare;

/// <summary>What the server says about a statement: one entry of <c>statements.json</c>.</summary>
/// <param name="Sql">The statement, with its references.</param>
internal sealed record StatementEntry(string Sql)
{
    /// <summary>An entry without a description. Its lines end in the same way on every system.</summary>
    public static StatementEntry Of(string sql) => new(sql.Replace("\r\n", "\n", StringComparison.Ordinal));

    /// <summary>The types of its parameters, or null if it wasn't described.</summary>
    public IReadOnlyList<ParameterDescription>? Parameters { get; init; }

    /// <summary>The columns of its result, or null if it wasn't described.</summary>
    public IReadOnlyList<ColumnDescription>? Columns { get; init; }

    /// <summary>Why the server doesn't accept it, or null.</summary>
    public StatementError? Error { get; init; }

    /// <summary>Why the server can't describe it, or null.</summary>
    public string? NotDescribed { get; init; }

    /// <summary>Whether both say the same. Messages are left out, because they depend on the server's language.</summary>
    public bool Agrees(StatementEntry other) => (Parameters ?? []).SequenceEqual(other.Parameters ?? [])
        && (Columns ?? []).SequenceEqual(other.Columns ?? [])
        && Error?.Code == other.Error?.Code && Error?.Position == other.Error?.Position
        && NotDescribed is null == other.NotDescribed is null;
}

/// <summary>A parameter of a statement.</summary>
/// <param name="Name">The reference that it stands for, such as <c>$order.total</c>.</param>
/// <param name="Type">The SQL type that the statement takes there.</param>
internal sealed record ParameterDescription(string Name, string Type);

/// <summary>An error of the server about a statement.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Code">The SQLSTATE, or null if the error isn't PostgreSQL's.</param>
/// <param name="Hint">What PostgreSQL suggests, or null.</param>
/// <param name="Position">The place in the statement, counted from 1, or null if it is unknown.</param>
internal sealed record StatementError(string Message, string? Code = null, string? Hint = null, int? Position = null);
