using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store.Results;

/// <summary>Builds a SQL step's result row by row, within a limit.</summary>
internal sealed class ResultWriter : IDisposable
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly ArrayBufferWriter<byte> _buffer = new();
    readonly Utf8JsonWriter _writer;
    readonly long _maxBytes;
    int _rows;
    long _taken;

    public ResultWriter(long maxBytes)
    {
        _maxBytes = maxBytes;
        _writer = new Utf8JsonWriter(_buffer, Options);
        _writer.WriteStartObject();
        _writer.WriteStartArray("rows");
    }

    /// <returns>The row's number, from 0.</returns>
    public int StartRow()
    {
        _writer.WriteStartObject();
        return _rows;
    }

    public void EndRow()
    {
        _writer.WriteEndObject();
        _rows++;
        CheckRoom(0);
    }

    public void WriteNull(JsonEncodedText name)
    {
        CheckRoom(0);
        _writer.WriteNull(name);
    }

    public void Write(JsonEncodedText name, in ValueType type, string text)
    {
        CheckRoom(text.Length);
        _writer.WritePropertyName(name);
        ValueEncoder.Write(_writer, type, text);
    }

    /// <summary>Counts what is stored in addition to the JSON.</summary>
    public void Take(long bytes) => _taken += bytes;

    /// <summary>Fails if this many more bytes don't fit. The number may be an underestimate.</summary>
    public void CheckRoom(long bytes)
    {
        if (_writer.BytesCommitted + _writer.BytesPending + _taken + bytes > _maxBytes)
            throw new ResultTooLargeException(_maxBytes);
    }

    public StepResult Finish(long rowsAffected, IReadOnlyList<ResultColumn> columns)
    {
        _writer.WriteEndArray();
        _writer.WriteNumber("row_count", _rows);
        _writer.WriteNumber("rows_affected", rowsAffected);
        _writer.WriteEndObject();
        CheckRoom(0);
        _writer.Flush();
        return new StepResult(Encoding.UTF8.GetString(_buffer.WrittenSpan), columns);
    }

    public void Dispose() => _writer.Dispose();
}
