using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Emit;

/// <summary>Writes the methods that read and write one record.</summary>
internal static class RecordEmitter
{
    /// <summary>The method that writes a record.</summary>
    public static void EmitWriter(SourceWriter source, RecordSpec record, int index)
    {
        source.Line();
        source.Open(
            $"private static void {ValueEmitter.WriterName(index)}(global::System.Text.Json.Utf8JsonWriter writer, " +
            $"{record.Type}{(record.IsReferenceType ? "?" : "")} value)");
        if (record.IsReferenceType)
        {
            source.Open("if (value is null)");
            source.Line("writer.WriteNullValue();");
            source.Line("return;");
            source.Close();
            source.Line();
        }

        source.Line("writer.WriteStartObject();");
        foreach (var member in record.Readable)
        {
            source.Line($"writer.WritePropertyName({SourceWriter.Literal(member.Column)});");
            source.Line(ValueEmitter.Write(member.Value, "writer", "value." + member.Name) + ";");
        }

        source.Line("writer.WriteEndObject();");
        source.Close();
    }

    /// <summary>The method that reads a record.</summary>
    public static void EmitReader(SourceWriter source, RecordSpec record, int index)
    {
        source.Line();
        source.Line($"private static {record.Type} {ValueEmitter.ReaderName(index)}({ValueEmitter.ResultValue} row) => new(");
        for (var i = 0; i < record.Arguments.Count; i++)
            source.Line($"    {ReadColumn(record.Arguments[i])}{(i < record.Arguments.Count - 1 ? "," : "")}");
        if (record.Settable.Count == 0)
        {
            source.Line("    );");
            return;
        }

        source.Line("    )");
        source.Open();
        foreach (var member in record.Settable)
            source.Line($"{member.Name} = {ReadColumn(member)},");
        source.Close("};");
    }

    private static string ReadColumn(MemberSpec member) => ValueEmitter.Read(member.Value, $"row[{SourceWriter.Literal(member.Column)}]");
}
