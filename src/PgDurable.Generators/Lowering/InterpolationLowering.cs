using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Lowers one interpolation: a reference to the input or to a result, a constant, or an expression of these.</summary>
internal sealed class InterpolationLowering(FlowModel flow, Scope scope)
{
    private const string InQuotes = "it is computed in SQL; put the interpolation outside the quotes";

    private static readonly Regex ToJson = new(@"^\s*::\s*jsonb?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex InList = new(@"\bin\s*\(\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Returns its SQL; null after reporting why it can't be lowered.</summary>
    /// <param name="interpolation">The interpolation.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="before">The SQL before it.</param>
    /// <param name="after">The SQL after it.</param>
    public string? Lower(InterpolationSyntax interpolation, SqlPlace place, string before, string after)
    {
        if (place == SqlPlace.Untouched)
            return Report(Descriptors.Untouched, interpolation, interpolation);
        if (((SyntaxNode?)interpolation.FormatClause ?? interpolation.AlignmentClause) is { } format)
            return Report(Descriptors.Format, format, format);

        var (expression, source) = FlowModel.Follow(interpolation.Expression, scope);
        if (ConstantReader.TryRead(source, expression, out var constant))
        {
            return SqlLiteral.TryWrite(constant, place, out var text) is { } problem
                ? Report(Descriptors.Constant, interpolation, interpolation.Expression, problem)
                : text;
        }

        var reported = flow.Reporter.Count;
        if (new ValueResolver(flow).Resolve(expression, source) is { } binding)
            return Reference(interpolation.Expression, binding, place, before, after);
        return flow.Reporter.Count == reported ? Computed(interpolation.Expression, expression, source, place) : null;
    }

    // `{order.Total * 1.2m}` means what it means in a condition.
    private string? Computed(ExpressionSyntax written, ExpressionSyntax expression, Scope source, SqlPlace place)
    {
        if (place == SqlPlace.Plain || !source.Mentions(expression))
            return new ExpressionLowering(flow, source).Lower(expression);
        return place == SqlPlace.Name
            ? Report(Descriptors.ValueAsName, written, written)
            : Report(Descriptors.NoColumn, written, written, InQuotes);
    }

    private string? Reference(ExpressionSyntax expression, Binding binding, SqlPlace place, string before, string after)
    {
        switch (binding)
        {
            case not Binding.Rows when place == SqlPlace.Name:
                return Report(Descriptors.ValueAsName, expression, expression);
            case Binding.Input:
                return "$" + WellKnownNames.Input;
            case Binding.Rows rows:
                return $"${rows.Name}.*";
            case Binding.Row row when TypeParser.IsRecord(row.Type):
                return Report(Descriptors.NoColumn, expression, expression, $"name one of the row's columns, as in '{{{expression}.Id}}'");
            case Binding.Row row:
                return $"${row.Name}{(row.MayBeMissing || row.Type.MayBeNull() ? "?" : "")}";
            case Binding.Value list when ScalarTypes.ElementOf(SqlType.Bare(list.Type)) is { } element && !SqlType.IsComposite(element):
                return Array(expression, list, element, place, before, after);
            case Binding.Value { IsPlain: true } value:
                return ValueSql.Reference(value);
            case Binding.Value { Demanded: not null } value when place == SqlPlace.Plain:
                return ValueSql.Demanded(value);
            case Binding.Value value when place == SqlPlace.Plain:
                return ValueSql.Of(value, typed: true);
            case Binding.Computed computed when place == SqlPlace.Plain:
                return computed.Sql;
            case Binding.Value or Binding.Computed:
                return Report(Descriptors.NoColumn, expression, expression, InQuotes);
            default:
                return Report(
                    Descriptors.NoColumn, expression, expression,
                    $"name one of its properties, as in '{{{expression}.{Example(binding)}}}'");
        }
    }

    // `= ANY({input.Ids})`
    private string? Array(
        ExpressionSyntax expression, Binding.Value list, ITypeSymbol element, SqlPlace place, string before, string after)
    {
        if (place != SqlPlace.Plain)
            return Report(Descriptors.NoColumn, expression, expression, InQuotes);
        if (InList.IsMatch(before))
        {
            return Report(
                Descriptors.NoColumn, expression, expression,
                $"it is an array, which IN takes as one value; write '= ANY({{{expression}}})', or '<> ALL({{{expression}}})' for NOT IN");
        }


        // No array can be cast to JSON.
        if (ToJson.IsMatch(after))
            return ValueSql.Json(list);
        return SqlType.OfElement(element) is { } type
            ? ValueSql.Array(list, type)
            : Report(
                Descriptors.NoColumn, expression, expression,
                $"the database has no array of '{element.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}'; " +
                "use a type that has one SQL type, such as DateTimeOffset");
    }

    private static string Example(Binding binding) => binding switch
    {
        Binding.Signal => "Data",
        Binding.Reply => "Status",
        _ => "Message",
    };

    private string? Report(DiagnosticDescriptor descriptor, SyntaxNode place, params object[] arguments)
    {
        flow.Reporter.Report(descriptor, place.GetLocation(), arguments);
        return null;
    }
}
