using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Lowering;

/// <summary>A step whose SQL is written in C#.</summary>
/// <param name="Source">Where its SQL comes from.</param>
/// <param name="Row">The type that its rows are read as; null if it has no result, or the type isn't known.</param>
/// <param name="RowLocation">Where that type is written, or else the step's name.</param>
/// <param name="MayBeMissing">Whether the result may be null although the type isn't.</param>
internal sealed record SqlStep(SqlSource Source, ITypeSymbol? Row, Location RowLocation, bool MayBeMissing);
