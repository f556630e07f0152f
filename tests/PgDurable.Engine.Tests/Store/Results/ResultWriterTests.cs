using System.Text.Json;

namespace PgDurable.Worker.Store.Results;

public class ResultWriterTests
{
    static readonly JsonEncodedText Name = JsonEncodedText.Encode("a");
    static readonly PgDurable.Worker.Store.Results.ValueType Text = new(ValueShape.Text, "pg_catalog.text");

    [Fact]
    public void Finish_Rows_AreCounted()
    {
        using var writer = new ResultWriter(1000);
        WriteRow(writer, "x");
        writer.StartRow();
        writer.WriteNull(Name);
        writer.EndRow();
        var result = writer.Finish(2, [new("a", "pg_catalog.text")]);
        Assert.Equal("""{"rows":[{"a":"x"},{"a":null}],"row_count":2,"rows_affected":2}""", result.Json);
    }

    [Fact]
    public void Finish_WithoutRows_IsTheSameAsTheShortCut()
    {
        using var writer = new ResultWriter(1000);
        Assert.Equal(writer.Finish(3, []), ResultEncoder.WithoutRows(3));
    }

    [Theory]
    [InlineData(16 << 20, "16 MiB")]
    [InlineData(2048, "2 KiB")]
    [InlineData(1001, "1001 bytes")]
    public void Write_BeyondTheLimit_Throws(int limit, string size)
    {
        using var writer = new ResultWriter(limit);
        WriteRow(writer, new string('x', limit / 2));
        var exception = Assert.Throws<ResultTooLargeException>(() => WriteRow(writer, new string('x', limit / 2)));
        Assert.Equal($"the step's result is larger than {size} (pg_durable.max_result_bytes)", exception.Message);
        Assert.NotEmpty(exception.Hint);
    }

    [Fact]
    public void Write_LongText_IsOneString()
    {
        var text = string.Concat(Enumerable.Repeat("ab\"🙂\\", 20_000));
        using var writer = new ResultWriter(16 << 20);
        WriteRow(writer, text);
        using var document = JsonDocument.Parse(writer.Finish(0, []).Json);
        Assert.Equal(text, document.RootElement.GetProperty("rows")[0].GetProperty("a").GetString());
    }

    static void WriteRow(ResultWriter writer, string text)
    {
        writer.StartRow();
        writer.Write(Name, Text, text);
        writer.EndRow();
    }
}
