using Microsoft.CodeAnalysis;

namespace PgDurable.Generators.Diagnostics;

/// <content>What the database says about statements: x04x.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor RejectedStatement = Error(
        "PGD0040", "PostgreSQL doesn't accept the statement",
        "PostgreSQL doesn't accept this statement: {0}. Change the SQL or the database, and run 'pgdurable prepare'.");

    public static readonly DiagnosticDescriptor NullableColumn = Error(
        "PGD0041", "Column may be NULL",
        "The column '{0}' may be NULL, but '{1}' can't be null. Make its type '{2}?', or replace NULL in the SQL, as coalesce does.");

    public static readonly DiagnosticDescriptor WrongParameterType = Error(
        "PGD0042", "Value doesn't fit the statement",
        "The statement takes {0} here, but '{1}' is of type '{2}'. Change that type, or cast the value in the SQL.");

    public static readonly DiagnosticDescriptor MalformedStatements = Error(
        "PGD0043", "Descriptions of statements can't be read",
        ".pgdurable/statements.json can't be read, so no statement is compared with it: {0}. Run 'pgdurable prepare' to write it again.");

    public static readonly DiagnosticDescriptor NotPrepared = new(
        "PGD1040", "Statement isn't described",
        "This statement isn't in .pgdurable/statements.json, so it isn't compared with the database. Run 'pgdurable prepare'.",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLinks.Of("PGD1040"));

    public static readonly DiagnosticDescriptor UnusedStatement = new(
        "PGD1041", "Described statement is never used",
        "No step has the statement '{0}' any more. Run 'pgdurable prepare' to remove it.",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLinks.Of("PGD1041"),
        customTags: [WellKnownDiagnosticTags.CompilationEnd]);
}
