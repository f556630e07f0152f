using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Sql;

/// <summary>A mismatch between a statement and the C# type that its rows are read as.</summary>
/// <param name="Descriptor">The diagnostic to report.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ColumnProblem(DiagnosticDescriptor Descriptor, object[] Arguments);
