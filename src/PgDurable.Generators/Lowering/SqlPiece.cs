using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Lowering;

/// <summary>A piece of a text: constant text, or an interpolation.</summary>
internal readonly struct SqlPiece
{
    public SqlPiece(string text) => Text = text;

    public SqlPiece(InterpolationSyntax interpolation)
    {
        Text = "";
        Interpolation = interpolation;
    }

    public string Text { get; }

    public InterpolationSyntax? Interpolation { get; }
}
