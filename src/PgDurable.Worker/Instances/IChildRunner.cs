using PgDurable.Worker.Engine;

namespace PgDurable.Worker.Instances;

/// <summary>Starts and cancels child workflows. The answers come later, never while the parent is still at the decision that asks.</summary>
internal interface IChildRunner
{
    void Start(InstanceFlow parent, Command.StartChild child);

    void Cancel(InstanceFlow parent, ExecutionKey execution);
}
