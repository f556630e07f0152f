using System.Text;
using PgDurable.Graph;

namespace PgDurable.Generators.Lowering;

/// <summary>Writes a JSON object as the SQL composers do: keys by length and then by bytes; the last of equal keys wins.</summary>
internal static class JsonObjectText
{
    public static string Write(IEnumerable<(string Name, string Json)> members)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in Order(members))
        {
            if (json.Length > 1)
                json.Append(',');
            GraphWriter.AppendString(json, name);
            json.Append(':').Append(value);
        }

        return json.Append('}').ToString();
    }

    /// <summary>The members in this order.</summary>
    public static IEnumerable<(string Name, string Json)> Order(IEnumerable<(string Name, string Json)> members) =>
        members.GroupBy(member => member.Name, StringComparer.Ordinal).Select(same => same.Last())
            .OrderBy(member => Encoding.UTF8.GetByteCount(member.Name))
            .ThenBy(member => Encoding.UTF8.GetBytes(member.Name), ByBytes.Instance);

    private sealed class ByBytes : IComparer<byte[]>
    {
        public static readonly ByBytes Instance = new();

        // Called only for arrays of the same length.
        public int Compare(byte[] x, byte[] y)
        {
            for (var i = 0; i < x.Length; i++)
            {
                if (x[i] != y[i])
                    return x[i].CompareTo(y[i]);
            }

            return 0;
        }
    }
}
