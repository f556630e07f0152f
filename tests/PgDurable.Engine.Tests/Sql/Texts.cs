using FsCheck;
using FsCheck.Fluent;

namespace PgDurable.Engine.Tests.Sql;

/// <summary>Random texts made of fragments that are dangerous in SQL.</summary>
static class Texts
{
    static readonly string[] Pieces =
    [
        "'", "''", "\"", "\\", "\\'", "$", "$$", "$a$", "$df$", "$df1$", "$n", "$n.*", "$1", "--", "/*", "*/", "\n", "\r\n", " ", "\t", ";",
        "E'", "U&'", "U&\"", "x'", "N'", "e", "E", "a", "n", "foo$",
        "0x1F", "1e", "1.", "..", "5", "::", "(", ")", "+-", "=", "?", "{", "}",
        "[", "é", "名", "🙂", "\u00a0", "BEGIN", "END", "CASE", "ATOMIC", "NULL", "\u0001", "%",
    ];

    public static Arbitrary<string> Hostile { get; } = Gen.ListOf(Gen.Elements(Pieces)).Select(string.Concat).ToArbitrary();

    public static void ForAll(Action<string> check) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Hostile, check));
}
