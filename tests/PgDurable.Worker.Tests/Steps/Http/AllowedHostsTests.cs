using System.Net;
using PgDurable.Worker.Steps.Http;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Tests.Steps.Http;

public class AllowedHostsTests
{
    [Theory]
    [InlineData("api.example.com", "api.example.com", true)]
    [InlineData(" API.Example.com. , other.org", "api.example.com", true)]
    [InlineData("example.com", "api.example.com", false)]
    [InlineData("example.com", "notexample.com", false)]
    [InlineData("example.com", "example.com.evil.org", false)]
    [InlineData("*.example.com", "api.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "notexample.com", false)]
    [InlineData("*.example.com", ".example.com", false)]
    [InlineData("*", "anything.at.all", true)]
    [InlineData("", "example.com", false)]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example", true)]
    public void Allows_Name_ByExactNameAndSuffix(string setting, string host, bool allowed) =>
        Assert.Equal(allowed, AllowedHosts.Parse(setting).Allows(host));

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("[2001:DB8::1]", "2001:db8::1", true)]
    [InlineData("2001:db8:0:0::1", "2001:db8::1", true)]
    [InlineData("*", "203.0.113.7", false)]
    public void Lists_Address_OnlyWhenItIsThere(string setting, string address, bool listed) =>
        Assert.Equal(listed, AllowedHosts.Parse(setting).Lists(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.com")]
    [InlineData("example.com:8080")]
    [InlineData("example.com/path")]
    [InlineData("ex*mple.com")]
    [InlineData("*.*.com")]
    [InlineData("*.")]
    [InlineData("*example.com")]
    [InlineData("a..b")]
    [InlineData("bücher.example")]
    [InlineData("1.2.3.4.5")]
    [InlineData("10.0.0.0/8")]
    public void Parse_EntryWithoutMeaning_AllowsNothing(string entry)
    {
        var hosts = AllowedHosts.Parse(entry + ", good.example");
        Assert.Equal([entry], hosts.Invalid);
        Assert.True(hosts.Allows("good.example"));
        Assert.True(AllowedHosts.Parse(entry).IsEmpty);
    }

    [Fact]
    public void Read_EntryWithoutMeaning_IsLogged()
    {
        var logger = new ListLogger();
        HttpPolicy.Read(new HttpRights(true, null, "", "https://example.com, good.example", false, 1, 1, default), logger);
        Assert.Contains("https://example.com", Assert.Single(logger.Messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", 1)]
    [InlineData("8.8.8.8", 1)]
    [InlineData("api.example.com, *.example.org", 0)]
    public void ParseDomains_TakesNamesOnly(string setting, int invalid) =>
        Assert.Equal(invalid, AllowedHosts.ParseDomains(setting).Invalid.Count);

    [Theory]
    [InlineData(null, "Restricted")]
    [InlineData("restricted", "Restricted")]
    [InlineData("unrestricted", "Unrestricted")]
    [InlineData("disabled", "Disabled")]
    [InlineData("what comes in a later version", "Disabled")]
    public void Read_Security_FailsClosed(string? setting, string security) =>
        Assert.Equal(
            security, HttpPolicy.Read(new HttpRights(true, setting, "", "", false, 1, 1, default), new ListLogger()).Security.ToString());
}
