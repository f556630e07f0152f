using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store.Results;

/// <summary>Turns what a statement returns into a step's result.</summary>
/// <remarks>
/// Every column must arrive in text form (<c>AllResultTypesAreUnknown</c>), from a session with DateStyle ISO, TimeZone UTC and
/// extra_float_digits of at least 1. With <c>CommandBehavior.SequentialAccess</c>, not even one row is buffered beyond the limit.
/// </remarks>
internal sealed class ResultEncoder : IDisposable
{
    private readonly ResultWriter? _writer;
    private readonly List<string?[]> _rows = []; // rows whose columns' types are not known yet
    private Slot[] _slots = [];
    private long _rowsAffected;
    private bool _waits;

    private ResultEncoder(ResultWriter? writer) => _writer = writer;

    /// <summary>The result of a statement without a result set.</summary>
    public static StepResult WithoutRows(long rowsAffected) => new(
        FormattableString.Invariant($$"""{"rows":[],"row_count":0,"rows_affected":{{Math.Max(rowsAffected, 0)}}}"""), []);

    /// <summary>Reads the reader's current result set to its end. Finish the result after closing the reader.</summary>
    /// <param name="reader">A reader at a result set, or at the end of a statement without one.</param>
    /// <param name="command">
    /// The statement in its batch, which knows the number of rows affected; <c>null</c> if it is the only one.
    /// </param>
    /// <param name="maxBytes">The maximum size of the result's JSON in UTF-8.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="ResultTooLargeException">
    /// The rest was not read. Cancel the statement before you dispose the reader, which would read it.
    /// </exception>
    public static async ValueTask<ResultEncoder> ReadAsync(
        NpgsqlDataReader reader, NpgsqlBatchCommand? command, long maxBytes, CancellationToken cancellationToken)
    {
        // A result set without columns may have rows.
        var writer = reader.FieldCount > 0 || reader.HasRows ? new ResultWriter(maxBytes) : null;
        var result = new ResultEncoder(writer);
        try
        {
            if (writer is not null)
                await result.ReadAsync(reader, writer, cancellationToken).ConfigureAwait(false);
            result._rowsAffected = Math.Max(command?.RecordsAffected ?? reader.RecordsAffected, 0);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Returns the result.</summary>
    /// <param name="lookUp">
    /// Finds the types that are not PostgreSQL's own: <see cref="TypeLookup"/>, on a connection that sees the statement's transaction.
    /// </param>
    public async ValueTask<StepResult> FinishAsync(Func<IEnumerable<uint>, Task<Dictionary<uint, ValueType>>> lookUp)
    {
        if (_writer is null)
            return WithoutRows(_rowsAffected);
        if (_waits)
        {
            var types = await lookUp(_slots.Where(slot => slot.Type is null).Select(slot => slot.Oid).Distinct()).ConfigureAwait(false);
            foreach (var slot in _slots)
                slot.Type ??= types.GetValueOrDefault(slot.Oid, ValueType.Unknown);
            foreach (var row in _rows)
                Write(_writer, row);
        }
        return _writer.Finish(_rowsAffected, Array.ConvertAll(_slots, slot => slot.Column));
    }

    public void Dispose() => _writer?.Dispose();

    private async ValueTask ReadAsync(NpgsqlDataReader reader, ResultWriter writer, CancellationToken cancellationToken)
    {
        _slots = Slot.Of(reader);
        _waits = Array.Exists(_slots, slot => slot.Type is null);
        var texts = new string?[reader.FieldCount];
        var waiting = 0L;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var length = await ReadRowAsync(reader, texts, writer, waiting, cancellationToken).ConfigureAwait(false);
            if (_waits)
            {
                waiting += length;
                _rows.Add(texts);
                texts = new string?[texts.Length];
            }
            else
            {
                Write(writer, texts);
            }
        }
    }

    private static async ValueTask<long> ReadRowAsync(
        NpgsqlDataReader reader, string?[] texts, ResultWriter writer, long waiting, CancellationToken cancellationToken)
    {
        var length = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            if (await reader.IsDBNullAsync(i, cancellationToken).ConfigureAwait(false))
            {
                texts[i] = null;
                continue;
            }
            // Before the text is fetched, so that a single huge value is never fetched.
            length += reader.GetBytes(i, 0, null, 0, 0);
            writer.CheckRoom((waiting + length) / 2);
            texts[i] = await reader.GetFieldValueAsync<string>(i, cancellationToken).ConfigureAwait(false);
        }
        return length;
    }

    private void Write(ResultWriter writer, string?[] texts)
    {
        var row = writer.StartRow();
        for (var i = 0; i < texts.Length; i++)
        {
            var slot = _slots[i];
            if (texts[i] is not { } text)
            {
                writer.WriteNull(slot.JsonName);
                continue;
            }
            var type = slot.Type!.Value;
            writer.Write(slot.JsonName, type, text);
            if (!ValueEncoder.IsFaithful(type, text))
                slot.Keep(row, text, writer);
        }
        writer.EndRow();
    }

    /// <summary>A column, which is a member of each row's object.</summary>
    private sealed class Slot(string name, string member, uint oid, ValueType? type)
    {
        private SortedDictionary<int, string>? _exact;

        public JsonEncodedText JsonName { get; } = JsonEncodedText.Encode(member, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

        public uint Oid => oid;

        /// <summary>The type; <c>null</c> as long as it isn't known.</summary>
        public ValueType? Type { get; set; } = type;

        public ResultColumn Column => new(name, Type!.Value.TypeName, member, _exact is null ? null : new ExactTexts(_exact));

        public static Slot[] Of(NpgsqlDataReader reader)
        {
            var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
            var members = ResultColumn.MembersOf(names);
            return [.. names.Select((name, i) => new Slot(
                name, members[i], reader.GetDataTypeOID(i), BuiltinTypes.TryGet(reader.GetDataTypeOID(i), out var type) ? type : null))];
        }

        /// <summary>The JSON isn't enough to get the value back, so its text is kept too and counts as well.</summary>
        public void Keep(int row, string text, ResultWriter writer)
        {
            (_exact ??= [])[row] = text;
            writer.Take(text.Length);
        }
    }
}
