namespace PgDurable.Worker.Engine.Substitution;

/// <summary>How the values in a statement are written. What is right for most statements comes first.</summary>
internal enum Reading
{
    /// <summary>A text as it would be typed, without a type; every other value with the type of its column.</summary>
    Natural,

    /// <summary>Everything with its type, texts included: for a place that accepts any type and asks for one, as <c>to_jsonb</c> does.</summary>
    Typed,

    /// <summary>Everything as it would be typed, without a type: the place decides what it is.</summary>
    Untyped,
}
