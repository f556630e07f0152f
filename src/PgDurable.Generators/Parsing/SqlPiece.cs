using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Parsing;

/// <summary>A piece of a step's SQL: text, or a hole.</summary>
internal readonly struct SqlPiece
{
    public SqlPiece(string text) => Text = text;

    public SqlPiece(InterpolationSyntax hole)
    {
        Text = "";
        Hole = hole;
    }

    public string Text { get; }

    public InterpolationSyntax? Hole { get; }
}
