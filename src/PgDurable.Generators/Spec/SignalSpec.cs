namespace PgDurable.Generators.Spec;

/// <summary>A signal that a workflow waits for.</summary>
/// <param name="Name">The signal's name.</param>
/// <param name="Method">The part of the generated method's name that comes from the signal.</param>
/// <param name="Type">The C# type of the payload; null if there is no payload.</param>
/// <param name="Payload">How the payload is written.</param>
internal sealed record SignalSpec(string Name, string Method, string? Type, ValueSpec? Payload);
