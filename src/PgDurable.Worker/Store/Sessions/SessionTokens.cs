using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// Proves to a session for steps that the worker is calling. Each token is good for one call, so a token that gets into a log is of no use.
/// The C module has the other half (session.c).
/// </summary>
internal sealed class SessionTokens
{
    private const int NumberLength = 8;
    private const int ProofLength = 16;
    private const int TokensOfADigest = SHA512.HashSizeInBytes / ProofLength;

    private readonly byte[] _input;
    private readonly byte[] _digest = new byte[SHA512.HashSizeInBytes];
    private readonly bool _oneTime;
    private ulong _number = TokensOfADigest - 1;

    /// <param name="oneTime">Whether the C module checks tokens. Otherwise the secret itself is the token.</param>
    public SessionTokens(bool oneTime)
    {
        _oneTime = oneTime;
        Secret = RandomNumberGenerator.GetBytes(32);
        _input = [.. Secret, .. new byte[NumberLength]];
    }

    /// <summary>The secret that the session and the worker share.</summary>
    public byte[] Secret { get; }

    public byte[] Next()
    {
        if (!_oneTime)
            return Secret;
        var (digest, part) = Math.DivRem(++_number, (ulong)TokensOfADigest);
        if (part == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_input.AsSpan(Secret.Length), digest);
            SHA512.HashData(_input, _digest);
        }
        var token = new byte[NumberLength + ProofLength];
        BinaryPrimitives.WriteUInt64BigEndian(token, _number);
        _digest.AsSpan((int)part * ProofLength, ProofLength).CopyTo(token.AsSpan(NumberLength));
        return token;
    }
}
