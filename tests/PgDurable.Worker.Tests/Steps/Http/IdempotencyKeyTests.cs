using PgDurable.Worker.Engine;
using PgDurable.Worker.Steps.Http;

namespace PgDurable.Worker.Tests.Steps.Http;

public class IdempotencyKeyTests
{
    private const int Retry = 4;

    private static string Key(string path, int node = 9, string id = "0a1b2c3d", int micros = 0) =>
        IdempotencyKey.Create(id, ScriptedTime.Now.AddMicroseconds(micros), new ExecutionKey(node, path), n => n == Retry);

    [Fact]
    public void Create_AttemptsOfARetry_HaveOneKey()
    {
        Assert.Equal(Key("3:57/4:1"), Key("3:57/4:2"));
        Assert.Equal(Key("4:1/5:0"), Key("4:3/5:0"));
        Assert.Equal(Key("4:1"), Key("4:2"));
    }

    [Fact]
    public void Create_EverythingElse_HasAKeyOfItsOwn()
    {
        string[] keys =
        [
            Key(""), Key("3:1"), Key("3:2"), Key("3:1/5:0"), Key("3:1/5:1"), Key("14:1"),
            Key("", node: 8), Key("", id: "0a1b2c3e"), Key("", micros: 1),
        ];
        Assert.Distinct(keys);
        Assert.All(keys, key => Assert.True(Guid.TryParse(key, out _)));
    }

    // Requests in flight during an upgrade of the worker must keep their key.
    [Fact]
    public void Create_Key_IsTheSameInEveryVersion() => Assert.Equal("17b04fe2-e208-600e-0de6-2949ab67b3eb", Key("3:57/5:0"));
}
