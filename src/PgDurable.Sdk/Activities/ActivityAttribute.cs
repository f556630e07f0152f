namespace PgDurable;

/// <summary>Marks a partial class as an activity: a step of workflows whose code runs in the application.</summary>
/// <remarks>
/// The class implements <see cref="IActivity{TIn}"/>, <see cref="IActivity{TIn, TOut}"/>, <see cref="ITransactionalActivity{TIn}"/> or
/// <see cref="ITransactionalActivity{TIn, TOut}"/>. The generator adds a static <c>Definition</c> to it.
/// </remarks>
/// <param name="name">The name in the database: a lowercase letter, followed by lowercase letters, digits and hyphens.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ActivityAttribute(string name) : Attribute
{
    /// <summary>The name in the database.</summary>
    public string Name { get; } = name;
}
