namespace PgDurable;

/// <summary>
/// Marks a workflow fragment: a static method that takes a <see cref="Flow"/> as its first parameter and returns a <see cref="Flow"/>. It
/// is inlined wherever it is called, as an extension method (<c>.Notify(order)</c>) or as a branch.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowFragmentAttribute : Attribute;
