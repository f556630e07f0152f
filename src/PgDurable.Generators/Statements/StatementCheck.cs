using Microsoft.CodeAnalysis;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Lowering;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Sql;
using PgDurable.Sql;

namespace PgDurable.Generators.Statements;

/// <summary>Compares a step with what the server said about its statement.</summary>
/// <param name="entry">What the server said.</param>
/// <param name="sql">The statement.</param>
/// <param name="workflow">The workflow's class.</param>
/// <param name="compilation">Its compilation.</param>
internal sealed class StatementCheck(StatementEntry entry, string sql, INamedTypeSymbol workflow, Compilation compilation)
{
    /// <summary>The error of a statement that is made of an expression.</summary>
    public IEnumerable<Diagnostic> Of(Location place) =>
        entry.Error is { } error ? [Diagnostic.Create(Descriptors.RejectedStatement, place, error)] : [];

    /// <summary>What is wrong with a step.</summary>
    public IEnumerable<Diagnostic> Of(SqlStep step)
    {
        if (entry.Error is not null)
            return Of(PlaceOfError(step.Source));
        return Columns(step).Concat(Parameters(step.Source));
    }

    private Location PlaceOfError(SqlSource source)
    {
        if (entry.ErrorPosition is not { } counted || counted >= entry.Sql.Length)
            return source.Expression.GetLocation();

        // Where lines end with two characters, only one is in the entry's text.
        var position = counted;
        for (var i = 0; i < position; i++)
            position += string.CompareOrdinal(sql, i, "\r\n", 0, 2) == 0 ? 1 : 0;
        var lexer = new SqlLexer(sql);
        lexer.MoveTo(position);
        var length = lexer.Read(out var token) ? token.End - position : 1;
        return source.LocationOf(position, length);
    }

    private IEnumerable<Diagnostic> Columns(SqlStep step)
    {
        if (step.Row is not { } row || row.TypeKind == TypeKind.Error || entry.Columns is not { } columns)
            yield break;
        var expected = ExpectedColumn.OfRow(row, workflow, compilation);
        var list = new SelectList(new([.. columns.Select(column => column.ToSelectColumn())]), IsOpen: false);
        var problems = SelectListCheck.Check(list, expected);
        foreach (var problem in problems)
            yield return Diagnostic.Create(problem.Descriptor, step.RowLocation, problem.Arguments);
        if (problems.Count > 0)
            yield break;

        foreach (var member in expected.Where(member => !AllowsNull(member, step)))
        {
            // If columns have the same name, the last one is read.
            var column = member.Name.Length == 0 ? columns[0] : columns.Last(candidate => candidate.Name == member.Name);
            if (column.IsNullable == true)
            {
                yield return Diagnostic.Create(
                    Descriptors.NullableColumn, step.RowLocation, column.Name, member.Member, member.Type);
            }
        }
    }

    // A type that stands alone doesn't know whether it is written where annotations count.
    private bool AllowsNull(ExpectedColumn member, SqlStep step) => member.Name.Length > 0
        ? member.AllowsNull
        : step.MayBeMissing || step.Row!.MayBeNull() || member.Reader is "Json" or ""
            || (step.Row!.IsReferenceType && !compilation.Options.NullableContextOptions.AnnotationsEnabled());

    private IEnumerable<Diagnostic> Parameters(SqlSource source)
    {
        foreach (var value in entry.Parameters is null ? [] : source.Values)
        {
            var reference = sql.Substring(value.Start, value.End - value.Start).TrimEnd('?');
            if (!entry.Parameters!.Contains(reference) || source.TypeOf(value) is not { } type
                || ScalarTypes.ReaderOf(ExpectedColumn.Bare(type)) is not { } reader)
                continue;
            var wanted = entry.Parameters[reference].ToList();
            if (wanted.TrueForAll(each => ParameterFit.Fails(each, reader)))
            {
                yield return Diagnostic.Create(
                    Descriptors.WrongParameterType, value.Syntax.GetLocation(), wanted[0], value.Syntax.Expression,
                    type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
            }
        }
    }
}
