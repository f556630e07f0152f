using System.Net;

namespace PgDurable.Worker.Steps.Http;

/// <summary>Hosts that requests may go to: <c>pg_durable.http_allowed_hosts</c>, or <c>pg_durable.http_allowed_domains</c>.</summary>
/// <remarks>
/// Comma separated: exact names, <c>*.suffix</c> for every name below one (not itself), <c>*</c> for every name, and IP addresses. An entry
/// that is none of these allows nothing.
/// </remarks>
internal sealed class AllowedHosts
{
    public static readonly AllowedHosts None = Parse("");

    private readonly HashSet<string> _names = [];
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly List<string> _suffixes = [];
    private readonly List<string> _invalid = [];

    private AllowedHosts() { }

    /// <summary>Nothing is allowed.</summary>
    public bool IsEmpty => !AllNames && _names.Count == 0 && _addresses.Count == 0 && _suffixes.Count == 0;

    /// <summary>There is a <c>*</c>.</summary>
    public bool AllNames { get; private set; }

    /// <summary>Entries that mean nothing.</summary>
    public IReadOnlyList<string> Invalid => _invalid;

    public static AllowedHosts Parse(string text)
    {
        var hosts = new AllowedHosts();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (!hosts.TryAdd(entry))
                hosts._invalid.Add(entry);
        return hosts;
    }

    /// <summary>Reads <c>pg_durable.http_allowed_domains</c>, which has names only. PostgreSQL has checked it where our module is there.</summary>
    public static AllowedHosts ParseDomains(string text)
    {
        var hosts = new AllowedHosts();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (entry == "*" || HostName.IsNumeric(HostName.Normalize(entry)) || !hosts.TryAdd(entry))
                hosts._invalid.Add(entry);
        return hosts;
    }

    /// <summary>Whether a name, as <see cref="HostName.Normalize"/> leaves it, is allowed.</summary>
    public bool Allows(string name) =>
        AllNames || _names.Contains(name)
            || _suffixes.Exists(suffix => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>Whether an address is listed; <c>*</c> lists none.</summary>
    public bool Lists(IPAddress address) => _addresses.Contains(HostName.Canonical(address));

    private bool TryAdd(string entry)
    {
        if (entry == "*")
            return AllNames = true;
        entry = HostName.Normalize(entry);
        if (HostName.IsNumeric(entry))
        {
            if (!HostName.TryParseAddress(entry, out var address))
                return false;
            _addresses.Add(address);
            return true;
        }
        var isSuffix = entry.StartsWith("*.", StringComparison.Ordinal);
        if (!HostName.IsName(isSuffix ? entry[2..] : entry))
            return false;
        if (isSuffix)
            _suffixes.Add(entry[1..]);
        else
            _names.Add(entry);
        return true;
    }
}
