using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace PgDurable;

/// <summary>The SQL of a step: a string literal or an interpolated string.</summary>
/// <remarks>
/// A hole refers to the input or to an earlier step's result: <c>{input.OrderId}</c>, <c>{order.Total}</c>, <c>FROM {rows}</c>. It is
/// not text: the value gets there when the step runs, typed and quoted, so it can't change what the statement means. Constants are allowed
/// too; anything else is an error while the project compiles.
/// </remarks>
[InterpolatedStringHandler]
public readonly ref struct SqlText
{
    /// <summary>Called by the compiler for an interpolated string; <c>Define</c> is never executed, so it throws.</summary>
    /// <param name="literalLength">Given by the compiler.</param>
    /// <param name="formattedCount">Given by the compiler.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SqlText(int literalLength, int formattedCount)
    {
        // Arguments are evaluated before the call: whoever executes a Define gets this message, even with a null flow.
        throw DefinitionOnly.Error();
    }

    /// <summary>Takes a string literal as a step's SQL.</summary>
    /// <param name="sql">The SQL.</param>
    public static implicit operator SqlText(string sql) => new(sql.Length, 0);

    /// <summary>Called by the compiler for the text between holes.</summary>
    /// <param name="value">The text.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendLiteral(string value) => throw DefinitionOnly.Error();

    /// <summary>Called by the compiler for a hole.</summary>
    /// <typeparam name="T">The type of the hole's expression.</typeparam>
    /// <param name="value">The hole's expression.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value) => throw DefinitionOnly.Error();

    /// <summary>Called by the compiler for a hole with a format, which is an error (PGD0016).</summary>
    /// <typeparam name="T">The type of the hole's expression.</typeparam>
    /// <param name="value">The hole's expression.</param>
    /// <param name="alignment">The alignment.</param>
    /// <param name="format">The format.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null) => throw DefinitionOnly.Error();
}
