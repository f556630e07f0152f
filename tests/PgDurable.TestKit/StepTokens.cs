using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PgDurable.TestKit;

/// <summary>The worker's half of a session of steps: the secret that it opens the session with, and a token for each call.</summary>
public sealed class StepTokens
{
    ulong _number;

    /// <summary>32 random bytes.</summary>
    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Start-up options of the session, as the worker has them.</summary>
    public string Options => "-c search_path=pg_catalog,pg_temp -c jit_above_cost=100000 -c client_min_messages=warning "
        + "-c statement_timeout=0 -c lock_timeout=0 "
        + @"-c default_transaction_isolation=read\ committed -c default_transaction_read_only=off -c default_transaction_deferrable=off "
        + "-c idle_session_timeout=0 -c exit_on_error=off -c standard_conforming_strings=on -c TimeZone=UTC -c DateStyle=ISO,MDY "
        + "-c IntervalStyle=postgres -c bytea_output=hex "
        + "-c extra_float_digits=1 -c client_connection_check_interval=500 -c df.in_workflow=true "
        + $"-c pg_durable.session=steps:{Convert.ToHexStringLower(Secret)}";

    /// <summary>A token that was not used before.</summary>
    public byte[] Next() => Of(++_number);

    /// <summary>The token with a certain number.</summary>
    public byte[] Of(ulong number)
    {
        return [.. Bytes(number), .. SHA512.HashData([.. Secret, .. Bytes(number / 4)]).AsSpan((int)(number % 4) * 16, 16)];
    }

    static byte[] Bytes(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }
}
