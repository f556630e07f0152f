using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace PgDurable.Worker.Steps.Http;

/// <summary>Host names, in the form in which they are compared.</summary>
internal static class HostName
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Lower case, without the dot that ends an absolute name and without the brackets of an IPv6 address.</summary>
    public static string Normalize(string host)
    {
        host = host.ToLowerInvariant();
        if (host is ['[', .., ']'])
            return host[1..^1];
        return host is [.., not '.', '.'] ? host[..^1] : host;
    }

    /// <summary>Whether it looks like a DNS name. Names are ASCII; international names are written as xn--….</summary>
    public static bool IsName(string host) =>
        host.Length is > 0 and <= 253 && !host.AsSpan().ContainsAnyExcept(NameCharacters) && !host.StartsWith('.') && !host.EndsWith('.')
        && !host.Contains("..", StringComparison.Ordinal) && !IsNumeric(host);

    /// <summary>
    /// Whether it is meant as an IP address. No top-level domain is a number, but resolvers accept all kinds of numbers as addresses:
    /// 127.1, 0x7f.1, 2130706433.
    /// </summary>
    public static bool IsNumeric(string host)
    {
        if (host.Contains(':'))
            return true;
        var last = host.AsSpan(host.LastIndexOf('.') + 1);
        return last.Length > 0 && (!last.ContainsAnyExceptInRange('0', '9') || last.StartsWith("0x"));
    }

    /// <summary>Parses what <see cref="IsNumeric"/> takes for an address.</summary>
    public static bool TryParseAddress(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        address = IPAddress.TryParse(host, out var parsed) ? Canonical(parsed) : null;
        return address is not null;
    }

    /// <summary>The IPv4 address, if an IPv6 address is only a mapped one.</summary>
    public static IPAddress Canonical(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
