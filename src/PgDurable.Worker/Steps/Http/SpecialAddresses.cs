using System.Net;
using System.Net.Sockets;

namespace PgDurable.Worker.Steps.Http;

/// <summary>
/// Addresses that don't belong to a public server: private networks, this machine, its neighbours, its cloud's control plane, and
/// everything reserved.
/// </summary>
internal static class SpecialAddresses
{
    private static readonly IPNetwork[] Special4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network; 0.0.0.0 is this machine
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // shared by carriers
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("168.63.129.16/32"), // Azure's platform, reached from its machines only
        IPNetwork.Parse("169.254.0.0/16"), // link-local, cloud metadata
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments, some clouds' metadata
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, broadcast
    ];

    // Everything outside is not a global unicast address: ::, ::1, IPv4-compatible, NAT64 (64:ff9b::/96, and /48 for local use),
    // discard-only (100::/64), segment routing (5f00::/16), unique local (fc00::/7), link-local (fe80::/10), site-local (fec0::/10),
    // multicast (ff00::/8).
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Special6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments, Teredo, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4: an IPv4 address, maybe a private one, in disguise
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    public static bool Contains(IPAddress address)
    {
        address = HostName.Canonical(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => Array.Exists(Special4, network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => !Global6.Contains(address) || Array.Exists(Special6, network => network.Contains(address)),
            _ => true,
        };
    }
}
