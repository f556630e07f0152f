using PgDurable.Generators.Checks;

namespace PgDurable.Generators.Tests.Checks;

public sealed class ChecksTests
{
    [Theory]
    [InlineData("https://example.com")]
    [InlineData("HTTP://example.com:8080/a?b=c#d")]
    [InlineData("http://[::1]:5000/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("\x01")]
    [InlineData("\x01/embeddings")]
    [InlineData("http\x01")]
    [InlineData("https://\x01")]
    [InlineData("https://\x01.example.com:\x01/\x01?a=\x01")]
    [InlineData("https://{host}/$input.id")]
    [InlineData("$input.url")]
    [InlineData("{base}/x")]
    public void Url_ThatMayBeRight_HasNoProblem(string url) => Assert.Null(UrlCheck.Problem(url));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("example.com/x", "begin with 'https://'")]
    [InlineData("/orders/\x01", "not with '/orders/'")]
    [InlineData("example.com/\x01", "not with 'example.com/'")]
    [InlineData("ftp://example.com", "'ftp'")]
    [InlineData("file:///etc/passwd", "'file'")]
    [InlineData("https://", "no host")]
    [InlineData("https:///orders", "no host")]
    [InlineData("https://?a=\x01", "no host")]
    [InlineData("https://example.com/a b", "can't contain spaces")]
    [InlineData("https://example.com:port/\x01", "malformed")]
    [InlineData("https://exa<mple.com", "malformed")]
    public void Url_ThatIsWrong_SaysWhy(string url, string problem) =>
        Assert.Contains(problem, UrlCheck.Problem(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("*/5 * * * *")]
    [InlineData("0 9 * * 1-5")]
    [InlineData("0 9 * jan-mar MON,fri")]
    [InlineData(" @daily ")]
    public void Cron_ThatIsRight_HasNoProblem(string cron) => Assert.Null(CronCheck.Problem(cron));

    [Theory]
    [InlineData("", "found 0")]
    [InlineData("* * * *", "found 4")]
    [InlineData("60 * * * *", "minute is 0 to 59")]
    [InlineData("* * * * foo", "'foo' is not a day of week")]
    [InlineData("@often", "unknown macro")]
    [InlineData("\x01 * * * *", "can't contain an interpolation")]
    public void Cron_ThatIsWrong_SaysWhy(string cron, string problem) =>
        Assert.Contains(problem, CronCheck.Problem(cron), StringComparison.Ordinal);

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Paris")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("America/Port-au-Prince")]
    [InlineData("Etc/GMT+5")]
    public void TimeZone_ThatMayBeOne_HasNoProblem(string zone) => Assert.Null(TimeZoneCheck.Problem(zone));

    [Theory]
    [InlineData("")]
    [InlineData("europe/paris")]
    [InlineData("Paris")]
    [InlineData("Paris/Europe")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("UTC+2")]
    [InlineData("+02:00")]
    [InlineData("Europe/")]
    [InlineData("Europe/Paris ")]
    [InlineData("Europe/\x01")]
    [InlineData("posix/Europe/Paris")]
    public void TimeZone_ThatIsNone_HasAProblem(string zone) =>
        Assert.Contains("'Europe/Paris'", TimeZoneCheck.Problem(zone), StringComparison.Ordinal);

    [Fact]
    public void TimeZones_OfThisMachine_HaveNoProblem() =>
        Assert.All(
            TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => id is not ("Factory" or "localtime" or "posixrules")),
            id => Assert.Null(TimeZoneCheck.Problem(id)));

    [Theory]
    [InlineData("P0001", true, true)]
    [InlineData("40001", true, true)]
    [InlineData("40", false, true)]
    [InlineData("", false, false)]
    [InlineData("p0001", false, false)]
    [InlineData("4000", false, false)]
    [InlineData("40001 ", false, false)]
    [InlineData("4000é", false, false)]
    public void SqlState_IsFiveOrTwoCharacters(string text, bool isState, bool isStateOrClass)
    {
        Assert.Equal(isState, SqlStateCheck.Problem(text) is null);
        Assert.Equal(isStateOrClass, SqlStateCheck.ProblemOrClass(text) is null);
    }

    [Theory]
    [InlineData("approval", true)]
    [InlineData("Größe 1", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("a\0b", false)]
    [InlineData("go-\x01", false)]
    public void SignalName_IsLiteral(string name, bool isRight) => Assert.Equal(isRight, SignalNameCheck.Problem(name) is null);
}
