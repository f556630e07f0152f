namespace PgDurable.Worker.Engine.Substitution;

/// <summary>How the values in a statement are written. The form that suits most statements comes first.</summary>
internal enum Reading
{
    /// <summary>A text as a person would type it, without a type; every other value with its column's type.</summary>
    Natural,

    /// <summary>
    /// Everything with its type, including texts: for a place that accepts any type but needs to know which, such as <c>to_jsonb</c>.
    /// </summary>
    Typed,

    /// <summary>Everything as a person would type it, without a type: the context decides what it is.</summary>
    Untyped,
}
