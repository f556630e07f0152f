using System.Globalization;
using System.Text.Json;

namespace PgDurable.Generated;

public readonly partial struct ResultValue
{
    private const string NoTrailingZeros = "0.############################";

    /// <summary>Reads a boolean.</summary>
    /// <returns>The value.</returns>
    public bool Boolean() => _json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unexpected("a boolean"),
    };

    /// <summary>Reads text.</summary>
    /// <returns>The value.</returns>
    public string String() => _json.ValueKind == JsonValueKind.String ? _json.GetString()! : throw Unexpected("text");

    /// <summary>Reads a single character.</summary>
    /// <returns>The value.</returns>
    public char Char() => _json.ValueKind == JsonValueKind.String && _json.GetString() is [var c] ? c : throw Unexpected("one character");

    /// <summary>Reads an integer.</summary>
    /// <returns>The value.</returns>
    public byte Byte() => Number<byte>("an integer from 0 to 255");

    /// <summary>Reads an integer.</summary>
    /// <returns>The value.</returns>
    public sbyte SByte() => Number<sbyte>("an integer from -128 to 127");

    /// <summary>Reads an integer.</summary>
    /// <returns>The value.</returns>
    public short Int16() => Number<short>("a 16-bit integer");

    /// <summary>Reads an integer.</summary>
    /// <returns>The value.</returns>
    public ushort UInt16() => Number<ushort>("an unsigned 16-bit integer");

    /// <summary>Reads an integer.</summary>
    /// <returns>The value.</returns>
    public int Int32() => Number<int>("a 32-bit integer");

    /// <summary>Reads an integer.</summary>
    /// <returns>The value.</returns>
    public uint UInt32() => Number<uint>("an unsigned 32-bit integer");

    /// <summary>Reads an integer.</summary>
    /// <returns>The value.</returns>
    public long Int64() => Number<long>("a 64-bit integer");

    /// <summary>Reads an integer.</summary>
    /// <returns>The value.</returns>
    public ulong UInt64() => Number<ulong>("an unsigned 64-bit integer");

    /// <summary>Reads a number.</summary>
    /// <returns>The value.</returns>
    public decimal Decimal() => Number<decimal>("a number that fits a decimal");

    /// <summary>Reads a number. JSON can't represent NaN and the infinities, so they arrive as null.</summary>
    /// <returns>The value, or NaN for null.</returns>
    public double Double() => IsNull && _json.ValueKind == JsonValueKind.Null ? double.NaN : Number<double>("a number");

    /// <summary>Reads a number. JSON can't represent NaN and the infinities, so they arrive as null.</summary>
    /// <returns>The value, or NaN for null.</returns>
    public float Single() => IsNull && _json.ValueKind == JsonValueKind.Null ? float.NaN : Number<float>("a number");

    /// <summary>Reads a UUID.</summary>
    /// <returns>The value.</returns>
    public Guid Guid() => Parsed<Guid>("a UUID");

    /// <summary>Reads an enum member by its name, ignoring case.</summary>
    /// <typeparam name="T">The enum type.</typeparam>
    /// <returns>The value.</returns>
    public T Enum<T>()
        where T : struct, Enum
    {
        // TryParse also accepts numbers, which aren't member names.
        if (_json.ValueKind == JsonValueKind.String && _json.GetString() is [not ('-' or >= '0' and <= '9'), ..] text
            && System.Enum.TryParse<T>(text, ignoreCase: true, out var value))
            return value;
        throw Unexpected($"one of {string.Join(", ", System.Enum.GetNames<T>())}");
    }

    /// <summary>Reads a bytea, which arrives in hex format: <c>\x</c> and hexadecimal digits.</summary>
    /// <returns>The value.</returns>
    public byte[] Bytes()
    {
        if (_json.ValueKind == JsonValueKind.String && _json.GetString() is ['\\', 'x', .. var digits])
        {
            try
            {
                return Convert.FromHexString(digits);
            }
            catch (FormatException error)
            {
                throw Unexpected("a bytea in hex format", error);
            }
        }

        throw Unexpected("a bytea in hex format");
    }

    /// <summary>Returns the JSON value unchanged.</summary>
    /// <returns>The value, or JSON null if it is missing.</returns>
    public JsonElement Json() => _json.ValueKind == JsonValueKind.Undefined ? JsonElement.Parse("null") : _json;

    // A numeric arrives as a string, so that no digit is lost. A number in a jsonb column arrives as a JSON number. Their texts are the
    // same.
    private T Number<T>(string expected)
        where T : struct, IParsable<T>
    {
        var text = _json.ValueKind switch
        {
            JsonValueKind.Number => _json.GetRawText(),
            JsonValueKind.String => _json.GetString(),
            _ => null,
        };
        if (text is null)
            throw Unexpected(expected);
        if (T.TryParse(text, CultureInfo.InvariantCulture, out var value))
            return value;

        // 1e3 and 2.0 in a jsonb column are integers too.
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && T.TryParse(exact.ToString(NoTrailingZeros, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out value))
            return value;
        throw Unexpected(expected);
    }

    private T Parsed<T>(string expected)
        where T : struct, IParsable<T> =>
        _json.ValueKind == JsonValueKind.String && T.TryParse(_json.GetString(), CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Unexpected(expected);
}
