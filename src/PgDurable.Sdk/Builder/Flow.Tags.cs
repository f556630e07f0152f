namespace PgDurable;

public partial class Flow
{
    /// <summary>
    /// Gives the instance a tag, or changes it. It becomes visible when the step commits, and <c>df.search</c> finds the instance by it:
    /// <c>customer:42</c>.
    /// </summary>
    /// <typeparam name="T">The type of the value, a scalar.</typeparam>
    /// <param name="key">
    /// The key, a constant: up to 64 letters, digits, <c>_</c>, <c>.</c> and <c>-</c>. It begins with a letter or <c>_</c>, and isn't a
    /// word of <c>df.search</c>, such as <c>status</c>.
    /// </param>
    /// <param name="value">
    /// The value: a property of the input or of a result, or another expression. Null removes the tag. The step fails if its text has more
    /// than 256 characters, or if the instance would have more than 32 tags.
    /// </param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Tag<T>(string key, T value) => throw DefinitionOnly.Error();
}
