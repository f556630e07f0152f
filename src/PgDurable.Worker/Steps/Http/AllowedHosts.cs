using System.Net;

namespace PgDurable.Worker.Steps.Http;

/// <summary>Hosts that requests may go to: <c>pg_durable.http_allowed_hosts</c>, or <c>pg_durable.http_allowed_domains</c>.</summary>
/// <remarks>
/// Separated by commas: exact names, <c>*.suffix</c> for every name below a name (but not that name), <c>*</c> for every name, and IP
/// addresses. Any other entry allows nothing.
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

    /// <summary>Whether there is a <c>*</c>.</summary>
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

    /// <summary>Reads <c>pg_durable.http_allowed_domains</c>, which has only names. With our module, PostgreSQL has checked it.</summary>
    public static AllowedHosts ParseDomains(string text)
    {
        var hosts = new AllowedHosts();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (entry == "*" || HostName.IsNumeric(HostName.Normalize(entry)) || !hosts.TryAdd(entry))
                hosts._invalid.Add(entry);
        return hosts;
    }

    /// <summary>Whether a name that <see cref="HostName.Normalize"/> has normalized is allowed.</summary>
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
