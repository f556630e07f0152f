using PgDurable.Worker.Steps.Http;


namespace PgDurable.Worker.Tests.Steps.Http;

public class HttpTargetTests
{
    private static HttpPolicy Policy(string hosts, bool privateAddresses = false) =>
        new(AllowedHosts.Parse(hosts), privateAddresses, 1000, 1000);

    private static HttpStepException Refusal(string url, HttpPolicy policy) =>
        Assert.Throws<HttpStepException>(() => HttpTarget.Parse(url).MayBePrivate(policy));

    [Theory]
    [InlineData("https://api.example.com/x")]
    [InlineData("HTTPS://API.Example.COM/x")]
    [InlineData("https://api.example.com./x")]
    [InlineData("  https://api.example.com/x\n")]
    [InlineData("https://user:secret@api.example.com/x")]
    [InlineData("https://other.org%2f@api.example.com/x")]
    public void Check_ListedHost_Passes(string url)
    {
        var target = HttpTarget.Parse(url);
        Assert.False(target.MayBePrivate(Policy("api.example.com")));
        Assert.Equal("https://api.example.com/x", target.Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData("https://evil.org/api.example.com")]
    [InlineData("https://evil.org?api.example.com")]
    [InlineData("https://evil.org#api.example.com")]
    [InlineData("https://api.example.com@evil.org/")]
    [InlineData("https://api.example.com:443@evil.org/")]
    [InlineData("https://api.example.com.evil.org/")]
    [InlineData("https://evilapi.example.com.org/")]
    public void Check_OtherHost_IsRefused(string url)
    {
        var e = Refusal(url, Policy("api.example.com, *.api.example.com"));
        Assert.Equal("DF009", e.Error.SqlState);
        Assert.Contains("is not in the allowed endpoint list", e.Message, StringComparison.Ordinal);
        Assert.Contains("http_allowed_hosts", e.Error.Hint, StringComparison.Ordinal);
        Assert.False(e.MayRetry);
    }

    [Theory]
    [InlineData("https://api.example.com\\@evil.org/")]
    [InlineData("https://api.example.com\\.evil.org/")]
    [InlineData("https://api.example%2ecom/")]
    [InlineData("https://%31%32%37.0.0.1/")]
    [InlineData("https://a@b@api.example.com/")]
    [InlineData("https://①②⑦.0.0.1/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://bücher.example/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("https:///x")]
    [InlineData("https://")]
    [InlineData("https://user@/x")]
    [InlineData("https://api.example.com..:80/")]
    [InlineData("https://api.example.com:99999/")]
    public void Parse_HostThatParsersReadDifferently_IsRefused(string url)
    {
        var e = Refusal(url, Policy("*", true));
        Assert.Equal("DF009", e.Error.SqlState);
        Assert.StartsWith("Blocked: malformed URL (", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://127.1/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0x7f.0x0.0x0.0x1./")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://4294967296/")]
    [InlineData("http://1.2.3.4.5/")]
    [InlineData("http://[::1]:8080/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://8.8.8.8/")]
    public void Check_BareAddress_IsRefused(string url)
    {
        foreach (var policy in new[] { Policy("*"), Policy("api.example.com, *.example.com", true), Policy("9.9.9.9, ::2") })
        {
            var e = Refusal(url, policy);
            Assert.Equal("DF009", e.Error.SqlState);
            Assert.Contains("bare IP", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://10.1.2.3:8080/", "10.1.2.3", false)]
    [InlineData("http://0xa.1.2.3/", "10.1.2.3", false)]
    [InlineData("http://[2001:db8::1]/", "[2001:DB8::1]", false)]
    [InlineData("http://10.1.2.3/", "*", true)]
    [InlineData("http://[::1]/", "*", true)]
    public void Check_BareAddress_ListedOrEverythingAllowed_Passes(string url, string hosts, bool privateAddresses) =>
        Assert.Equal(privateAddresses, HttpTarget.Parse(url).MayBePrivate(Policy(hosts, privateAddresses)));

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("FTP://example.com/")]
    [InlineData("gopher://127.0.0.1:6379/_")]
    [InlineData("example.com/x?token=secret")]
    [InlineData("http:example.com")]
    public void Parse_OtherScheme_IsRefused(string url)
    {
        foreach (var (httpsOnly, what) in new[] { (false, "http and https"), (true, "https") })
        {
            var e = Assert.Throws<HttpStepException>(() => HttpTarget.Parse(url, httpsOnly));
            Assert.Equal(("DF009", $"Blocked: unsupported URL scheme. Only {what} is allowed."), (e.Error.SqlState, e.Message));
        }
    }

    [Fact]
    public void Check_NothingAllowed_SaysHowToTurnItOn()
    {
        var e = Refusal("https://api.example.com/", HttpPolicy.Off);
        Assert.Equal(
            "Blocked: 'api.example.com' is not in the allowed endpoint list. "
                + "Configure pg_durable.http_allowed_domains to allow this hostname.",
            e.Message);
        Assert.Contains("ALTER SYSTEM SET pg_durable.http_allowed_hosts", e.Error.Hint, StringComparison.Ordinal);
    }

    // Section 2.2: disabled beats every list, unrestricted ignores them.
    [Fact]
    public void Check_Disabled_IsRefusedWhateverTheListsSay()
    {
        var policy =
            Policy("*", true) with { Security = HttpSecurity.Disabled, AllowedDomains = AllowedHosts.ParseDomains("api.example.com") };
        Assert.Contains(
            "outbound HTTP requests are disabled", Refusal("https://api.example.com/", policy).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://api.example.com/")]
    [InlineData("http://169.254.169.254/")]
    public void Check_Unrestricted_GoesEverywhere(string url) =>
        Assert.True(HttpTarget.Parse(url).MayBePrivate(HttpPolicy.Off with { Security = HttpSecurity.Unrestricted }));

    [Fact]
    public void Check_Domain_IsReachedByHttpsAtPublicAddressesOnly()
    {
        var policy = Policy("*.internal.example", privateAddresses: true) with
        {
            AllowedDomains = AllowedHosts.ParseDomains("api.example.com, *.example.org"),
        };
        Assert.False(HttpTarget.Parse("https://API.example.com/").MayBePrivate(policy));
        Assert.False(HttpTarget.Parse("https://a.b.example.org/").MayBePrivate(policy));
        Assert.True(HttpTarget.Parse("http://crm.internal.example/").MayBePrivate(policy));
        Assert.Equal("Blocked: plaintext HTTP is not permitted in restricted builds. HTTPS is required.",
            Refusal("http://api.example.com/", policy).Message);
        Assert.Contains("is not in the allowed endpoint list", Refusal("https://example.org/", policy).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LineBreakInside_IsRefused()
    {
        var e = Assert.Throws<HttpStepException>(() => HttpTarget.Parse("http://api.example.com/a\r\nX-Evil: 1"));
        Assert.Equal("22023", e.Error.SqlState);
    }

    [Theory]
    [InlineData("https://u:pw@api.example.com/a%2Fb/c d?token=secret#f",
        "https://<redacted>@api.example.com/a%2Fb/c%20d?token=<redacted>#<redacted>")]
    [InlineData("http://u:pw@127.0.0.1:80/a", "http://<redacted>@127.0.0.1/a")]
    [InlineData("https://api.example.com/?a=1&b==&bare&c=&=x&d=e=f",
        "https://api.example.com/?a=<redacted>&<redacted>&<redacted>&<redacted>&<redacted>&d=<redacted>")]
    [InlineData("http://api.example.com:8080", "http://api.example.com:8080/")]
    public void Display_HidesUserInfoQueryAndFragment(string url, string shown) => Assert.Equal(shown, HttpTarget.Parse(url).Display);
}
