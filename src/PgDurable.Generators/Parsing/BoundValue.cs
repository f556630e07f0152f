using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Parsing;

/// <summary>What a name in SQL stands for.</summary>
/// <param name="Name">The name, without the dollar sign.</param>
/// <param name="Type">The type of the input or of a row.</param>
/// <param name="IsRows">Whether it stands for all rows.</param>
internal sealed record BoundValue(string Name, ITypeSymbol Type, bool IsRows);
