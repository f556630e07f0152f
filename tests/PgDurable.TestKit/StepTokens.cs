using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PgDurable.TestKit;

/// <summary>The worker's half of a session of steps: the secret that it opens the session with, and a token for each call.</summary>
public sealed class StepTokens
{
    ulong _number;

    /// <summary>32 random bytes.</summary>
    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Start-up options of the session.</summary>
    public string Options => $"-c search_path=pg_catalog,pg_temp -c jit=off -c TimeZone=UTC -c DateStyle=ISO,MDY -c IntervalStyle=postgres -c bytea_output=hex "
        + $"-c extra_float_digits=1 -c df.in_workflow=true -c pg_durable.session=steps:{Convert.ToHexStringLower(Secret)}";

    /// <summary>A token that was not used before.</summary>
    public byte[] Next() => Of(++_number);

    /// <summary>The token with a certain number.</summary>
    public byte[] Of(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return [.. bytes, .. SHA256.HashData([.. Secret, .. bytes])[..16]];
    }
}
