using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace PgDurable;

/// <summary>The text of a URL or a message: a string literal or an interpolated string.</summary>
/// <remarks>
/// A hole is a constant, or a value that is known when the step runs: <c>{input.Url}</c>, <c>{order.Total}</c>, <c>{rows.Count}</c>. The
/// value gets there as text.
/// </remarks>
[InterpolatedStringHandler]
public readonly ref struct FlowText
{
    /// <summary>Called by the compiler for an interpolated string; <c>Define</c> is never executed, so it throws.</summary>
    /// <param name="literalLength">Given by the compiler.</param>
    /// <param name="formattedCount">Given by the compiler.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public FlowText(int literalLength, int formattedCount)
    {
        // Arguments are evaluated before the call: whoever executes a Define gets this message, even with a null flow.
        throw DefinitionOnly.Error();
    }

    /// <summary>Takes a string literal.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator FlowText(string text) => new(text.Length, 0);

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
