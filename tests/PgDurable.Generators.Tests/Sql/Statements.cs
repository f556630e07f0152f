using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace PgDurable.Generators.Tests.Sql;

/// <summary>Statements over one table, to compare with a server. Their parts are in the folder Corpus.</summary>
internal static class Statements
{
    public const string Schema =
        """
        CREATE SCHEMA sample;
        CREATE TYPE sample.pair AS (x integer, y text);
        CREATE TYPE sample.mood AS ENUM ('good', 'bad');
        CREATE TABLE sample.t (a integer, b text, c numeric, d timestamptz, e jsonb, f boolean, g integer[], h sample.pair,
            i sample.mood, "Mixed Name" text, "from" date, j double precision, k bigint, l uuid, m bytea, n interval, o timestamp,
            p date, q time);
        CREATE FUNCTION sample.count(integer) RETURNS text LANGUAGE sql AS 'SELECT ''x''';
        """;

    private static readonly string[] Operands = Read("operands");

    private static readonly string[] Labels = ["", "", "", .. Read("labels")];

    private static readonly string[] Frames = Read("frames");

    /// <summary>One statement for each operand, label and frame, combined with plain ones.</summary>
    public static IEnumerable<string> Corpus =>
    [
        .. Operands.Select(operand => In(Frames[0], operand)),
        .. Operands.Select(operand => In(Frames[0], $"{operand} AS x")),
        .. Operands.Select(operand => In(Frames[0], $"({operand})::text")),
        .. from label in Labels.Distinct()
           from operand in new[] { "a", "a + 1", "lower(b)", "'x'", "1", "NULL", "f", "d::timestamp" }
           select In(Frames[0], operand + label),
        .. from frame in Frames
           from operand in new[] { "a", "1 AS one", "'x'", "t.*", "NULL" }
           select In(frame, operand),
        .. Read("statements"),
    ];

    /// <summary>Random combinations.</summary>
    public static Arbitrary<string> Combinations { get; } =
        (from frame in Gen.Elements(Frames)
         from operands in Gen.ArrayOf(Gen.Elements(Operands), 3)
         from labels in Gen.ArrayOf(Gen.Elements(Labels), 3)
         from shape in Gen.Elements(Read("shapes"))
         from type in Gen.Elements(Read("types"))
         select In(frame, string.Format(
             CultureInfo.InvariantCulture, shape, operands[0], operands[1], labels[0], labels[1], labels[2], type, operands[2])))
        .ToArbitrary();

    /// <summary>Texts that are rarely SQL, but whose parentheses and quotes are closed.</summary>
    public static Arbitrary<string> Fragments { get; } =
        Gen.ListOf(Gen.Elements<string>(
        [
            .. Operands.Concat(Frames).SelectMany(text => text.Split(' ')).Where(IsClosed),
            "()", "[]", "(a", ")", ",", ".", "::", "CASE", "WHEN", "THEN", "ELSE", "END", "AS", "CAST(a)", "OVER", "INTERVAL", "AT",
            "TIME", "ZONE",
        ])).Select(pieces => "SELECT " + string.Join(" ", pieces)).Where(IsClosed).ToArbitrary();

    private static bool IsClosed(string text) => Generators.Sql.TokenList.Read("SELECT " + text) is not null;

    private static string In(string frame, string list) => frame.Replace("{0}", list, StringComparison.Ordinal);

    // A paragraph sign is a line break, and empty brackets are an interpolation.
    private static string[] Read(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sql", "Corpus", name + ".txt"))
            .Replace("⟨⟩", "\x01", StringComparison.Ordinal)
            .TrimEnd('\n').Split('\n')
            .Select(line => line.Replace('¶', '\n')).ToArray();
}
