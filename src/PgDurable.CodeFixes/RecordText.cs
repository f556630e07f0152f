using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PgDurable.Generators.Parsing;
using PgDurable.Generators.Sql;
using PgDurable.Generators.Statements;
using PgDurable.Names;

namespace PgDurable.CodeFixes;

/// <summary>Writes the parameters of a record that a statement's rows are read as.</summary>
internal static class RecordText
{
    // A record has these members already.
    private static readonly string[] Reserved =
    [
        "Clone", "Deconstruct", "EqualityContract", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "PrintMembers",
        "ReferenceEquals", "ToString",
    ];

    /// <summary>The parameter list with one parameter for each column. Parameters that fit are kept.</summary>
    /// <param name="record">The record's name.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="existing">The parameters that the record has now, by column.</param>
    public static string Parameters(
        string record, IReadOnlyList<DescribedColumn> columns, IReadOnlyDictionary<string, ExistingParameter> existing)
    {
        var names = new HashSet<string>(Reserved, StringComparer.Ordinal) { record };
        names.UnionWith(columns.Where(column => existing.ContainsKey(column.Name)).Select(column => existing[column.Name].Name));
        // If columns have the same name, the last one is read.
        var parameters = columns.GroupBy(column => column.Name, StringComparer.Ordinal).Select(group => group.Last()).Select(column =>
            existing.TryGetValue(column.Name, out var known) ? Changed(column, known) : Added(column, names));
        return $"({string.Join(", ", parameters)})";
    }

    private static string Changed(DescribedColumn column, ExistingParameter known)
    {
        var type = TypeFit.Fails(column.Type, known.Column.Reader) ? TypeOf(column)
            : column.IsNullable == true && !known.Column.AllowsNull ? known.Type + "?"
            : known.Type;
        var start = known.Text.LastIndexOf(known.Type + " " + known.Name, StringComparison.Ordinal);
        return start < 0 ? $"{type} {known.Name}" : known.Text.Substring(0, start) + type + known.Text.Substring(start + known.Type.Length);
    }

    private static string Added(DescribedColumn column, HashSet<string> names)
    {
        var plain = PascalCase.From(column.Name);
        if (!SyntaxFacts.IsValidIdentifier(plain))
            plain = SyntaxFacts.IsValidIdentifier("Column" + plain) ? "Column" + plain : "Column";
        var name = Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? plain : $"{plain}{i}").First(names.Add);
        var attribute = SnakeCase.From(name) == column.Name
            ? ""
            : $"[{WellKnownNames.Namespace}.Column({SymbolDisplay.FormatLiteral(column.Name, quote: true)})] ";
        return $"{attribute}{TypeOf(column)} {name}";
    }

    private static string TypeOf(DescribedColumn column)
    {
        var type = column.Type.EndsWith("[]", StringComparison.Ordinal)
            ? Element(column.Type.Substring(0, column.Type.Length - 2)) + "[]"
            : Element(column.Type);
        return column.IsNullable == false ? type : type + "?";
    }

    // What isn't here arrives as text.
    private static string Element(string type) => type switch
    {
        "boolean" => "bool",
        "smallint" => "short",
        "integer" => "int",
        "bigint" => "long",
        "real" => "float",
        "double precision" => "double",
        "numeric" => "decimal",
        "uuid" => "System.Guid",
        "date" => "System.DateOnly",
        "time without time zone" => "System.TimeOnly",
        "timestamp without time zone" => "System.DateTime",
        "timestamp with time zone" => "System.DateTimeOffset",
        "interval" => "System.TimeSpan",
        "bytea" => "byte[]",
        "json" or "jsonb" => "System.Text.Json.JsonElement",
        _ => "string",
    };
}
