using PgDurable.Generators.Sql;

namespace PgDurable.CodeFixes;

/// <summary>A parameter of a record.</summary>
/// <param name="Column">The column that it is read from.</param>
/// <param name="Text">Its text, with attributes and the default value.</param>
/// <param name="Type">Its type, as it is written.</param>
/// <param name="Name">Its name.</param>
internal sealed record ExistingParameter(ExpectedColumn Column, string Text, string Type, string Name);
