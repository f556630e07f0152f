using PgDurable.Graph;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Testing.Running;

/// <content>What a test asks for: starts, signals and cancellations.</content>
internal sealed partial class VirtualWorker
{
    /// <summary>Submits a new instance.</summary>
    public VirtualInstance Submit(
        ChildWorkflow workflow, InstanceFacts facts, VirtualInstance? parent = null, ExecutionKey execution = default)
    {
        var instance = new VirtualInstance(_instances.Count + 1, workflow.Name, WorkflowGraph.Parse(workflow.GraphJson), facts, _time.Now)
        {
            Version = workflow.Version,
            GraphJson = workflow.GraphJson,
            Parent = parent,
            ParentExecution = execution,
        };
        _instances.Add(instance);
        Later(() => Claim(instance));
        return instance;
    }

    public void Signal(VirtualInstance instance, string name, string dataJson)
    {
        if (instance.HasEnded)
            return;
        _log.Note($"✉ signal {name} {RunLog.Short(dataJson)}");
        instance.Signals.Add(new SignalRow(instance.No, ++_signalNo, name, dataJson, Clock.Now));
        Wake(instance);
    }

    public void Cancel(VirtualInstance instance, string reason)
    {
        if (instance.HasEnded)
            return;
        if (instance.Graph.UndoesOnCancel)
        {
            if (instance.IsUndoing)
                return;
            instance.IsUndoing = true;
            Signal(instance, UndoOnCancel.Signal, Answers.JsonValues.Write(reason));
            return;
        }
        _log.Note($"cancelled: {reason}");
        instance.Cancel(ErrorJson.Write(new StepError($"canceled: {reason}", "57014"), null, 1), _time.Now);
        Ended(instance);
    }
}
