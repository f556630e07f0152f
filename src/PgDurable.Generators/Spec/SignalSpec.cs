namespace PgDurable.Generators.Spec;

/// <summary>A signal that a workflow waits for.</summary>
/// <param name="Name">The signal's name.</param>
/// <param name="Method">The part of the method's name that says which.</param>
/// <param name="Type">The C# type of the payload; null for none.</param>
/// <param name="Payload">How the payload is written.</param>
internal sealed record SignalSpec(string Name, string Method, string? Type, ValueSpec? Payload);
