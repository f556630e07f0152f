namespace PgDurable.Worker.Store;

/// <summary>A lane of the queue.</summary>
/// <param name="Role">The role whose instances wait in it.</param>
/// <param name="Number">Its number.</param>
internal readonly record struct Lane(uint Role, short Number);
