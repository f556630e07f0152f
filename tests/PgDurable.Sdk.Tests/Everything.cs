using System.Text.Json;

namespace PgDurable.Sdk.Tests;

public enum Colour
{
    Red,
    DarkBlue,
}

/// <summary>Every type that can be written and read, plain and nullable.</summary>
[Workflow("everything")]
public sealed partial class Everything : IWorkflow<Everything.Values, IReadOnlyList<Everything.Values>>
{
    public sealed record Values(
        bool Flag, byte Tiny, sbyte Signed, short Small, ushort UnsignedSmall, int Medium, uint UnsignedMedium, long Big, ulong UnsignedBig,
        float Single, double Double, decimal Exact, string Text, char Letter, Guid Id, DateTime Utc, DateTime Local, DateTimeOffset At,
        DateOnly Day, TimeOnly Time, TimeSpan Span, byte[] Bytes, Colour Colour, Line Line, int[] Numbers, IReadOnlyList<Line> Lines,
        List<string?> Names, JsonElement Json)
    {
        [Column("maybe")]
        public int? MaybeNumber { get; init; }

        public string? MaybeText { get; init; }

        public Colour? MaybeColour { get; init; }

        public Line? MaybeLine { get; init; }

        public int[]? MaybeNumbers { get; init; }

        public required DateTimeOffset? MaybeAt { get; set; }
    }

    public sealed class Line
    {
        public Line(string sku) => Sku = sku;

        public string Sku { get; }

        public Line? Next { get; set; }

        public Price Price { get; set; }
    }

    public readonly record struct Price(decimal Amount);

    public static Flow<IReadOnlyList<Values>> Define(Flow flow, Values input) => flow.Query<Values>($"SELECT * FROM everything({input})");
}
