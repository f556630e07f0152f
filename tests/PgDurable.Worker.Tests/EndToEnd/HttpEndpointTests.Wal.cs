namespace PgDurable.Worker.Tests.EndToEnd;

// The write-ahead log between two places, to look for what must not be in it.
public sealed partial class HttpEndpointTests
{
    private IEnumerable<Task<string>> Segments(string begin, string end)
    {
        const long Size = 16 * 1024 * 1024;
        var (first, last) = (Position(begin), Position(end));
        for (var segment = first / Size; segment <= last / Size; segment++)
        {
            var from = segment == first / Size ? first % Size : 0;
            var to = segment == last / Size ? last % Size : Size;
            yield return ReadAsync($"{segment / 256:X8}{segment % 256:X8}", (int)from, (int)to);
        }

        async Task<string> ReadAsync(string name, int from, int to)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(_cluster.Folder, "data", "pg_wal", "00000001" + name));
            return System.Text.Encoding.Latin1.GetString(bytes, from, to - from);
        }
    }

    private static long Position(string lsn) =>
        lsn.Split('/') is [var high, var low]
            ? (Convert.ToInt64(high, 16) << 32) + Convert.ToInt64(low, 16)
            : throw new FormatException(lsn);
}
