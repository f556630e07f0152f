namespace PgDurable.Generators.Parsing;

/// <summary>What is done with values of a type.</summary>
internal enum TypeUse
{
    Read,
    Write,
    ReadAndWrite,
}
