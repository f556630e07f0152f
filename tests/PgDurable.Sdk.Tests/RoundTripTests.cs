using System.Text.Json;

namespace PgDurable.Sdk.Tests;

/// <summary>The generated writer and reader, for every type.</summary>
public sealed class RoundTripTests
{
    private static readonly Everything.Values Full = new(
        Flag: true, Tiny: 255, Signed: -128, Small: -32768, UnsignedSmall: 65535, Medium: int.MinValue, UnsignedMedium: uint.MaxValue,
        Big: long.MaxValue, UnsignedBig: ulong.MaxValue, Single: 3.14f, Double: 1e300, Exact: 79228162514264337593543950335m,
        Text: "it's \"quoted\" \\ ü 🐘", Letter: 'ß', Id: new("0a8f3b1c-1111-2222-3333-444455556666"),
        Utc: new(2024, 6, 15, 12, 30, 0, 123, DateTimeKind.Utc), Local: new(2024, 6, 15, 12, 30, 0),
        At: new(2024, 6, 15, 12, 30, 0, TimeSpan.FromHours(2)),
        Day: new(2024, 2, 29), Time: new(23, 59, 58), Span: new TimeSpan(-3, -4, -5, -6), Bytes: [0, 255, 16], Colour: Colour.DarkBlue,
        Line: new("a") { Next = new("b"), Price = new(1.50m) }, Numbers: [1, 2], Lines: [new("c")], Names: ["x", null],
        Json: JsonElement.Parse("""{"a":[1,null]}"""))
    {
        MaybeNumber = 7,
        MaybeText = "t",
        MaybeColour = Colour.Red,
        MaybeLine = new("d"),
        MaybeNumbers = [3],
        MaybeAt = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void Values_WrittenAndRead_AreTheSame()
    {
        var json = Everything.Definition.WriteInput(Full);

        var read = Assert.Single(Read(json));

        Assert.Equal(json, Everything.Definition.WriteInput(read));
        Assert.Equal(Full.Text, read.Text);
        Assert.Equal(Full.Span, read.Span);
        Assert.Equal(Full.At, read.At);
        Assert.Equal(DateTimeKind.Utc, read.Utc.Kind);
        Assert.Equal(DateTimeKind.Unspecified, read.Local.Kind);
        Assert.Equal("b", read.Line.Next!.Sku);
        Assert.Equal(1.50m, read.Line.Price.Amount);
    }

    [Fact]
    public void WriteInput_HasTheFormsOfPostgres()
    {
        using var document = JsonDocument.Parse(Everything.Definition.WriteInput(Full));
        var root = document.RootElement;

        Assert.Equal("\\x00ff10", root.GetProperty("bytes").GetString());
        Assert.Equal("-3 days -04:05:06.000000", root.GetProperty("span").GetString());
        Assert.Equal("2024-06-15T12:30:00.123000Z", root.GetProperty("utc").GetString());
        Assert.Equal("2024-06-15T12:30:00.000000", root.GetProperty("local").GetString());
        Assert.Equal("2024-06-15T12:30:00.000000+02:00", root.GetProperty("at").GetString());
        Assert.Equal("2024-02-29", root.GetProperty("day").GetString());
        Assert.Equal("DarkBlue", root.GetProperty("colour").GetString());
        Assert.Equal("79228162514264337593543950335", root.GetProperty("exact").GetRawText());
        Assert.Equal(7, root.GetProperty("maybe").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("names")[1].ValueKind);
    }

    [Fact]
    public void Nulls_WrittenAndRead_AreNull()
    {
        var json = Everything.Definition.WriteInput(Full with
        {
            MaybeNumber = null,
            MaybeText = null,
            MaybeColour = null,
            MaybeLine = null,
            MaybeNumbers = null,
            MaybeAt = null,
        });

        var read = Assert.Single(Read(json));

        Assert.Null(read.MaybeNumber);
        Assert.Null(read.MaybeText);
        Assert.Null(read.MaybeColour);
        Assert.Null(read.MaybeLine);
        Assert.Null(read.MaybeNumbers);
        Assert.Null(read.MaybeAt);
    }

    [Fact]
    public void NoRows_AreAnEmptyList() => Assert.Empty(Everything.Definition.ReadResult("""{"rows":[],"row_count":0}"""));

    [Fact]
    public void InputAndResult_OfAnActivity_AreWrittenAndReadAlike()
    {
        var json = Everything.Definition.WriteInput(Full);

        Assert.Equal(json, Echo.Definition.Input.Write(Full));
        Assert.Equal(json, Echo.Definition.Input.Write(Echo.Definition.Input.Read(json)));
        Assert.Equal(json, Echo.Definition.Result.Write(Echo.Definition.Result.Read(json)));
        Assert.Equal(json, Echo.Definition.Result.Write(EchoAll.Definition.ReadResult(json)));
    }

    [Fact]
    public void Input_WithoutItsNullableMembers_IsRead()
    {
        var json = Echo.Definition.Input.Write(Full with { MaybeText = null });

        var read = Echo.Definition.Input.Read(json.Replace("\"maybe_text\":null,", "", StringComparison.Ordinal));

        Assert.Null(read.MaybeText);
        Assert.Equal(Full.Text, read.Text);
    }

    [Fact]
    public void ScalarsAndLists_OfAnActivity_AreWrittenAndRead()
    {
        Assert.Equal(["null", "\"a\""], [Split.Definition.Input.Write(null), Split.Definition.Input.Write("a")]);
        Assert.Null(Split.Definition.Input.Read("null"));
        Assert.Equal("a", Split.Definition.Input.Read("\"a\""));
        Assert.Equal("[1,2]", Split.Definition.Result.Write([1, 2]));
        Assert.Equal([1, 2], Split.Definition.Result.Read("[1,2]"));
        Assert.Equal([1, 2], SplitText.Definition.ReadResult("[1,2]"));
    }

    [Fact]
    public void Input_ThatDoesNotFit_NamesTheActivityAndTheMember()
    {
        var json = Echo.Definition.Input.Write(Full).Replace("\"amount\":1.50", "\"amount\":\"much\"", StringComparison.Ordinal);

        var error = Assert.Throws<WorkflowResultException>(() => Echo.Definition.Input.Read(json));

        Assert.Equal(
            "Member 'line.price.amount' of the input of activity 'echo' should hold a number that fits a decimal, but holds \"much\".",
            error.Message);
    }

    [Fact]
    public void All_HasTheActivitiesOfTheAssembly() =>
        Assert.Equal(["echo", "split"], PgDurableActivities.All.Select(activity => activity.Name).Order(StringComparer.Ordinal));

    private static IReadOnlyList<Everything.Values> Read(string row) =>
        Everything.Definition.ReadResult($$"""{"rows":[{{row}}],"row_count":1}""");
}
