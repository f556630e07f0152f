namespace PgDurable;

/// <summary>
/// Makes the value of a property of a workflow's input a tag of the instance, by which <c>df.search</c> finds it. The workflow's first step
/// sets it, however the instance was started.
/// </summary>
/// <remarks>
/// The property is a scalar of the input record itself. Null is no tag. A value may have up to 256 characters; the instance fails with a
/// longer one.
/// </remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TagAttribute : Attribute
{
    /// <summary>Makes the property's name in snake_case the tag's key.</summary>
    public TagAttribute()
    {
    }

    /// <summary>Sets the tag's key.</summary>
    /// <param name="key">
    /// The key: up to 64 letters, digits, <c>_</c>, <c>.</c> and <c>-</c>. It begins with a letter or <c>_</c>, and isn't a word of
    /// <c>df.search</c>, such as <c>status</c>.
    /// </param>
    public TagAttribute(string key) => Key = key;

    /// <summary>The tag's key, or null for the property's name in snake_case.</summary>
    public string? Key { get; }
}
