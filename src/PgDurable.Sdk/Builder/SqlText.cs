using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace PgDurable;

/// <summary>The SQL of a step: a string literal or an interpolated string.</summary>
/// <remarks>
/// An interpolation refers to the input or to the result of an earlier step: <c>{input.OrderId}</c>, <c>{order.Total}</c>, <c>FROM
/// {rows}</c>. It isn't inserted as text: the value is typed and quoted when the step runs, so it can't change the statement's meaning.
/// Constants are allowed too; anything else is a compile error.
/// </remarks>
[InterpolatedStringHandler]
public readonly ref struct SqlText
{
    /// <summary>Called by the compiler for an interpolated string. Always throws, because <c>Define</c> is never executed.</summary>
    /// <param name="literalLength">Passed by the compiler.</param>
    /// <param name="formattedCount">Passed by the compiler.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SqlText(int literalLength, int formattedCount)
    {
        // Arguments are evaluated before the call, so executing a Define throws this error even if the flow is null.
        throw DefinitionOnly.Error();
    }

    /// <summary>Converts a string literal to a step's SQL.</summary>
    /// <param name="sql">The SQL.</param>
    public static implicit operator SqlText(string sql) => new(sql.Length, 0);

    /// <summary>Called by the compiler for the text between interpolations.</summary>
    /// <param name="value">The text.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendLiteral(string value) => throw DefinitionOnly.Error();

    /// <summary>Called by the compiler for an interpolation.</summary>
    /// <typeparam name="T">The type of the interpolated expression.</typeparam>
    /// <param name="value">The interpolated expression.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value) => throw DefinitionOnly.Error();

    /// <summary>Called by the compiler for an interpolation with a format, which is an error (PGD0016).</summary>
    /// <typeparam name="T">The type of the interpolated expression.</typeparam>
    /// <param name="value">The interpolated expression.</param>
    /// <param name="alignment">The alignment.</param>
    /// <param name="format">The format.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null) => throw DefinitionOnly.Error();
}
