namespace PgDurable.Generators.Lock;

/// <summary>The form of a JSON value.</summary>
/// <param name="MayBeNull">Whether it may be null or missing.</param>
internal abstract record Shape(bool MayBeNull)
{
    /// <summary>A single value.</summary>
    public sealed record Scalar(string Kind, bool MayBeNull) : Shape(MayBeNull);

    /// <summary>A JSON array.</summary>
    public sealed record List(Shape Element, bool MayBeNull) : Shape(MayBeNull);

    /// <summary>A JSON object.</summary>
    public sealed record Object(IReadOnlyList<(string Name, Shape Shape)> Members, bool MayBeNull) : Shape(MayBeNull)
    {
        public Shape? Find(string name) => Members.FirstOrDefault(member => member.Name == name).Shape;
    }

    /// <summary>The object that it stands in, or one around that.</summary>
    /// <param name="Levels">1 for the object that it stands in.</param>
    /// <param name="MayBeNull">Whether it may be null or missing.</param>
    public sealed record Outer(int Levels, bool MayBeNull) : Shape(MayBeNull);

    /// <summary>What kind of value it is, for messages.</summary>
    public string Describe() => this switch
    {
        Scalar scalar => scalar.Kind,
        List => "a list",
        Outer outer => $"the object {outer.Levels} levels out",
        _ => "an object",
    };
}
