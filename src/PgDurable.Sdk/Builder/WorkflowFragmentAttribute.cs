namespace PgDurable;

/// <summary>
/// Marks a static method whose first parameter is a <see cref="Flow"/> and that returns one: a part of workflows, which is inlined where
/// it is called, as <c>.Notify(order)</c> of an extension method or as a branch.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowFragmentAttribute : Attribute;
