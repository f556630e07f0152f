using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace PgDurable;

/// <summary>The text of a URL or a message: a string literal or an interpolated string.</summary>
/// <remarks>
/// An interpolation holds a constant, or a value that is known when the step runs: <c>{input.Url}</c>, <c>{order.Total}</c>,
/// <c>{rows.Count}</c>. The value is inserted as text.
/// </remarks>
[InterpolatedStringHandler]
public readonly ref struct FlowText
{
    /// <summary>Called by the compiler for an interpolated string. Always throws, because <c>Define</c> is never executed.</summary>
    /// <param name="literalLength">Passed by the compiler.</param>
    /// <param name="formattedCount">Passed by the compiler.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public FlowText(int literalLength, int formattedCount)
    {
        // Arguments are evaluated before the call, so executing a Define throws this error even if the flow is null.
        throw DefinitionOnly.Error();
    }

    /// <summary>Converts a string literal.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator FlowText(string text) => new(text.Length, 0);

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
