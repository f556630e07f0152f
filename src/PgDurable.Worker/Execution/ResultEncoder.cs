using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Execution;

/// <summary>Turns what a statement returned into a step's result.</summary>
/// <remarks>
/// Every column must arrive in text form (<c>AllResultTypesAreUnknown</c>), from a session with DateStyle ISO, TimeZone UTC and
/// extra_float_digits of at least 1. With <c>CommandBehavior.SequentialAccess</c> not even one row is buffered beyond the limit.
/// </remarks>
internal static class ResultEncoder
{
    /// <summary>The result of a statement without a result set.</summary>
    public static StepResult WithoutRows(long rowsAffected) => new(
        FormattableString.Invariant($$"""{"rows":[],"row_count":0,"rows_affected":{{Math.Max(rowsAffected, 0)}}}"""), []);

    /// <summary>Reads the reader's current result set to its end.</summary>
    /// <param name="reader">At a result set, or at the end of a statement without one.</param>
    /// <param name="command">The statement in its batch, asked for the rows affected at the end; null when it is the only one.</param>
    /// <param name="maxBytes">Of the result's JSON in UTF-8.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="ResultTooLargeException">
    /// The rest is not read: cancel the statement before the reader is disposed, which would read it.
    /// </exception>
    public static async ValueTask<StepResult> ReadAsync(
        NpgsqlDataReader reader, NpgsqlBatchCommand? command, long maxBytes, CancellationToken cancellationToken)
    {
        var slots = Slot.Of(reader);
        using var writer = new ResultWriter(maxBytes);
        var texts = new string?[reader.FieldCount];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            await ReadRowAsync(reader, texts, writer, cancellationToken).ConfigureAwait(false);
            writer.StartRow();
            foreach (var slot in slots)
            {
                if (texts[slot.Ordinal] is { } text)
                    writer.Write(slot.JsonName, slot.Type, text);
                else
                    writer.WriteNull(slot.JsonName);
            }
            writer.EndRow();
        }
        var rowsAffected = command?.RecordsAffected ?? reader.RecordsAffected;
        return writer.Finish(Math.Max(rowsAffected, 0), Array.ConvertAll(slots, slot => slot.Column));
    }

    static async ValueTask ReadRowAsync(
        NpgsqlDataReader reader, string?[] texts, ResultWriter writer, CancellationToken cancellationToken)
    {
        var length = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            if (await reader.IsDBNullAsync(i, cancellationToken).ConfigureAwait(false))
            {
                texts[i] = null;
                continue;
            }
            // Before the text is fetched, so that a single huge value is not.
            length += reader.GetBytes(i, 0, null, 0, 0);
            writer.CheckRoom(length / 2);
            texts[i] = await reader.GetFieldValueAsync<string>(i, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A member of each row's object.</summary>
    sealed record Slot(int Ordinal, JsonEncodedText JsonName, ValueType Type, ResultColumn Column)
    {
        /// <summary>Columns of one name are one member: in the place of the first, with the value of the last.</summary>
        public static Slot[] Of(NpgsqlDataReader reader)
        {
            var slots = new List<Slot>(reader.FieldCount);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                var name = reader.GetName(i);
                var type = TypeCatalog.TypeOf(reader, i);
                var jsonName = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
                var slot = new Slot(i, jsonName, type, new ResultColumn(name, type.TypeName));
                var earlier = slots.FindIndex(candidate => candidate.Column.Name == name);
                if (earlier < 0)
                    slots.Add(slot);
                else
                    slots[earlier] = slot;
            }
            return [.. slots];
        }
    }
}
