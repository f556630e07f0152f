using System.Text;
using System.Text.RegularExpressions;

namespace Embeddings;

/// <summary>
/// A vector for a text, without a model: words and their trigrams, hashed into 256 dimensions (feature hashing). Texts that share words, or
/// parts of words, have a high cosine similarity. It knows nothing of meaning: "car" and "automobile" are strangers.
/// </summary>
public static partial class TextEmbedding
{
    public const int Dimensions = 256;

    // Words that are in every text say nothing about it.
    private static readonly HashSet<string> Common =
        [.. """
            a an and are as at be by can do does for from has have how i in is it its my not of on or that the this to was what when where
            which who with you your
            """.Split([' ', '\n'])];

    /// <summary>The vector, of length 1; zero if the text has no words.</summary>
    public static float[] Of(string text)
    {
        var vector = new float[Dimensions];
        foreach (var word in Words().EnumerateMatches(text))
        {
            var lower = text.Substring(word.Index, word.Length).ToLowerInvariant();
            if (Common.Contains(lower))
                continue;
            Add(vector, lower, 1f);
            // Trigrams find "indexes" for "index".
            var padded = $"^{lower}$";
            for (var i = 0; i + 3 <= padded.Length; i++)
                Add(vector, padded.Substring(i, 3), 0.4f);
        }

        var length = MathF.Sqrt(vector.Sum(each => each * each));
        return length == 0 ? vector : [.. vector.Select(each => each / length)];
    }

    private static void Add(float[] vector, string feature, float weight)
    {
        // FNV-1a: the same everywhere and for ever, which string.GetHashCode is not.
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(feature))
            hash = (hash ^ b) * 16777619u;
        // The sign makes collisions cancel out on average.
        vector[(hash >> 1) % Dimensions] += (hash & 1) == 0 ? weight : -weight;
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
