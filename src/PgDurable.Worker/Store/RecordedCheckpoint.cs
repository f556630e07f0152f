using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Store;

/// <summary>A row of <c>df.checkpoints</c>.</summary>
/// <param name="InstanceNo">The instance.</param>
/// <param name="Seq">Its place in the order of inputs.</param>
/// <param name="Checkpoint">The input.</param>
internal sealed record RecordedCheckpoint(long InstanceNo, int Seq, Checkpoint Checkpoint);
