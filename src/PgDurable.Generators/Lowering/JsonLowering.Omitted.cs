using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PgDurable.Generators.Diagnostics;
using PgDurable.Generators.Parsing;

namespace PgDurable.Generators.Lowering;

/// <summary>Arguments that a call leaves out. C# passes their defaults, and so does the JSON.</summary>
internal sealed partial class JsonLowering
{
    /// <summary>The defaults of a constructor's omitted parameters, by their names in the database.</summary>
    public List<(string Name, Constant Value, ITypeSymbol Type)>? Omitted(
        BaseObjectCreationExpressionSyntax creation, ITypeSymbol? wanted)
    {
        var omitted = new List<(string Name, Constant Value, ITypeSymbol Type)>();
        if (ConstructorOf(creation, wanted) is not { } constructor)
            return omitted;
        var arguments = creation.ArgumentList?.Arguments ?? default;
        var given = new HashSet<string?>(arguments.Select((argument, i) => ParameterOf(constructor, argument, i)?.Name));
        var set = new HashSet<string>((creation.Initializer?.Expressions ?? default)
            .OfType<AssignmentExpressionSyntax>().Select(item => item.Left.ToString()));
        var properties = RecordShape.PropertiesOf(constructor.ContainingType, flow.Workflow, flow.Compilation);
        foreach (var parameter in constructor.Parameters
            .Where(candidate => candidate.HasExplicitDefaultValue && !given.Contains(candidate.Name)))
        {
            if (RecordShape.PropertyFor(parameter, properties) is not { } property || set.Contains(property.Name))
                continue;
            if (DefaultOf(parameter) is not { } value)
            {
                flow.Reporter.Report(
                    Descriptors.Constant, creation.GetLocation(), parameter.Name,
                    "its default has no form in the database; pass the argument");
                return null;
            }

            omitted.Add((ColumnName.Of(property), value, parameter.Type));
        }

        return omitted;
    }

    /// <summary>A constant with its type, as SQL.</summary>
    public static string SqlOf(Constant constant, ITypeSymbol type) =>
        SqlLiteral.TryWrite(constant, SqlPlace.Plain, out var sql) is null && SqlType.Of(type) is { } name ? $"({sql})::{name}" : "NULL";

    private static Constant? DefaultOf(IParameterSymbol parameter)
    {
        var (value, type) = (parameter.ExplicitDefaultValue, SqlType.Bare(parameter.Type));
        if (type.TypeKind == TypeKind.Enum && value is not null)
        {
            var member = type.GetMembers().OfType<IFieldSymbol>()
                .FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value));
            return member is null ? null : new(value, member.Name);
        }

        // `default` of a struct.
        return value is null && parameter.Type.IsValueType && !parameter.Type.MayBeNull() || value is string text && text.IndexOf('\0') >= 0
            ? null
            : new(value, EnumMember: null);
    }
}
