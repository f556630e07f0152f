using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PgDurable.Generators.Lowering;

/// <summary>An interpolation in the SQL of a step, and the part of the SQL that it became.</summary>
internal readonly record struct SqlValue(InterpolationSyntax Syntax, int Start, int End);
