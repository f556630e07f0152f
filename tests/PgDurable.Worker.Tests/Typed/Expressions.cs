namespace PgDurable.Worker.Tests.Typed;

/// <summary>C# expressions over the input and a row: what PostgreSQL makes of them is compared with what C# does.</summary>
[Workflow("expressions")]
public sealed partial class Expressions : IWorkflow<Expressions.Input, Expressions.Answers>
{
    public const int Three = 3;

    public enum Colour { Red, Green }

    public sealed record Address(string City, string[] Lines);

    public sealed record Input(
        long Id, int Count, decimal Price, double Rate, string Name, string? Note, bool Flag, bool? Maybe, int? Amount,
        Colour Colour, Guid Key, DateOnly Day, DateTimeOffset At, TimeSpan Span, Address Address, int[] Numbers);

    public sealed record Answers(
        bool Compare, bool Logic, bool NullTests, bool NullEqual, bool NullUnequal, bool NotLess, bool Lifted, bool Strings,
        bool Enums, bool Keys, bool Days, bool Nested, bool Patterns, int Arithmetic, decimal Money, string Text, long Chosen,
        int Fallback, double Ratio, bool Row);

    public static Flow<Answers> Define(Flow flow, Input input) => flow
        .QuerySingle<Input>(
            $"""
             SELECT {input.Id}::bigint AS id, {input.Count}::int AS count, {input.Price}::numeric AS price, {input.Rate}::float8 AS rate,
                    {input.Name}::text AS name,
                    {input.Note}::text AS note, {input.Flag}::bool AS flag, {input.Maybe}::bool AS maybe, {input.Amount}::int AS amount,
                    {input.Colour}::text AS colour,
                    {input.Key}::uuid AS key, {input.Day}::date AS day, {input.At}::timestamptz AS at, {input.Span}::interval AS span,
                    {input.Address}::jsonb AS address, {input.Numbers}::jsonb AS numbers
             """,
            out var row)
        .Forever<Answers>(f => f.Break(new Answers(
            input.Count > Three && input.Price <= 10.5m || input.Rate >= 2.5,
            !(input.Flag && input.Count == 3) || input.Flag,
            input.Note == null || input.Amount is not null,
            row.Note == input.Note,
            row.Note != "x" && input.Amount != row.Count,
            !(input.Amount < 5),
            input.Amount >= row.Count,
            input.Name.StartsWith("a") && input.Name.Contains("b") || string.IsNullOrEmpty(input.Note) && row.Name.Length > 2,
            input.Colour == Colour.Green || row.Colour != Colour.Red,
            input.Key == row.Key && input.At == row.At && input.Span == row.Span,
            input.Day < row.Day || input.Day == row.Day,
            input.Address.City == row.Address.City && input.Address.Lines[0] == "first"
                && input.Numbers[1] > 5 && input.Numbers.Length == 2,
            input.Count is > 1 and < 100 && input.Maybe is true,
            (input.Count + 7) / 2 * -3 % 11,
            input.Price * 2 + 0.25m,
            input.Name + "/" + input.Note + "/" + row.Name,
            input.Flag ? input.Id + 1 : row.Id - 1,
            input.Amount ?? -1,
            input.Rate / 4,
            row.Maybe == input.Maybe && row.Price == input.Price)));

    /// <summary>The same in C#.</summary>
    public static Answers Evaluate(Input input)
    {
        var row = input;
        return new Answers(
            input.Count > Three && input.Price <= 10.5m || input.Rate >= 2.5,
            !(input.Flag && input.Count == 3) || input.Flag,
            input.Note == null || input.Amount is not null,
            row.Note == input.Note,
            row.Note != "x" && input.Amount != row.Count,
            !(input.Amount < 5),
            input.Amount >= row.Count,
            input.Name.StartsWith('a') && input.Name.Contains('b', StringComparison.Ordinal)
                || string.IsNullOrEmpty(input.Note) && row.Name.Length > 2,
            input.Colour == Colour.Green || row.Colour != Colour.Red,
            input.Key == row.Key && input.At == row.At && input.Span == row.Span,
            input.Day < row.Day || input.Day == row.Day,
            input.Address.City == row.Address.City && input.Address.Lines[0] == "first"
                && input.Numbers[1] > 5 && input.Numbers.Length == 2,
            input.Count is > 1 and < 100 && input.Maybe is true,
            (input.Count + 7) / 2 * -3 % 11,
            input.Price * 2 + 0.25m,
            input.Name + "/" + input.Note + "/" + row.Name,
            input.Flag ? input.Id + 1 : row.Id - 1,
            input.Amount ?? -1,
            input.Rate / 4,
            row.Maybe == input.Maybe && row.Price == input.Price);
    }
}
