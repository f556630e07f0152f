using PgDurable.Graph;
using PgDurable.Worker.Engine.Nodes;

namespace PgDurable.Worker.Engine;

/// <content>The rule of each node kind.</content>
internal sealed partial class WorkflowEngine
{
    /// <summary>Starts an execution of a node.</summary>
    internal Frame Begin(int number, string path, Frame? parent, Scope scope)
    {
        var frame = new Frame(State.Graph.Nodes[number], path, parent, scope);
        parent?.Children.Add(frame);
        State.Begun?.Add(number);
        switch (frame.Node.Kind)
        {
            case NodeKind.Sql:
                SqlRule.Begin(this, frame);
                break;
            case NodeKind.Then:
                ThenRule.Begin(this, frame);
                break;
            case NodeKind.If:
                IfRule.Begin(this, frame);
                break;
            case NodeKind.Join:
                JoinRule.Begin(this, frame);
                break;
            case NodeKind.Loop:
                LoopRule.Begin(this, frame);
                break;
            case NodeKind.Break:
                BreakRule.Begin(this, frame);
                break;
            case NodeKind.Race:
                RaceRule.Begin(this, frame);
                break;
            case NodeKind.Sleep:
                SleepRule.Begin(this, frame);
                break;
            case NodeKind.WaitSchedule:
                ScheduleRule.Begin(this, frame);
                break;
            case NodeKind.Http or NodeKind.HttpMultipart or NodeKind.HttpJson:
                HttpRule.Begin(this, frame);
                break;
            case NodeKind.Signal:
                SignalRule.Begin(this, frame);
                break;
            case NodeKind.Retry:
                RetryRule.Begin(this, frame);
                break;
            case NodeKind.Timeout:
                TimeoutRule.Begin(this, frame);
                break;
            case NodeKind.Try:
                TryRule.Begin(this, frame);
                break;
            case NodeKind.Fail:
                FailRule.Begin(this, frame);
                break;
            case NodeKind.Undo:
                UndoRule.Begin(this, frame);
                break;
            case NodeKind.ForEach:
                ForEachRule.Begin(this, frame);
                break;
            case NodeKind.Call:
                CallRule.Begin(this, frame);
                break;
            case NodeKind.Activity:
                ActivityRule.Begin(this, frame);
                break;
        }
        return frame;
    }

    /// <summary>Ends an execution, and tells the node above it.</summary>
    internal void End(Frame frame, End end)
    {
        frame.IsClosed = true;
        if (State.Ends is { } ends)
            ends[frame.Key] = end;
        if (frame.Parent is not { } parent)
        {
            RootRule.Ended(this, end);
            return;
        }
        parent.Children.Remove(frame);
        if (parent.IsClosed)
            return;
        switch (parent.Node.Kind)
        {
            case NodeKind.Then:
                ThenRule.ChildEnded(this, parent, frame, end);
                break;
            case NodeKind.If:
                IfRule.ChildEnded(this, parent, frame, end);
                break;
            case NodeKind.Join:
                JoinRule.ChildEnded(this, parent, frame, end);
                break;
            case NodeKind.Loop:
                LoopRule.ChildEnded(this, parent, frame, end);
                break;
            case NodeKind.Race:
                RaceRule.ChildEnded(this, parent, frame, end);
                break;
            case NodeKind.Retry:
                RetryRule.ChildEnded(this, parent, end);
                break;
            case NodeKind.Timeout:
                TimeoutRule.ChildEnded(this, parent, end);
                break;
            case NodeKind.Try:
                TryRule.ChildEnded(this, parent, frame, end);
                break;
            case NodeKind.Undo:
                UndoRule.ChildEnded(this, parent, end);
                break;
            case NodeKind.ForEach:
                ForEachRule.ChildEnded(this, parent, frame, end);
                break;
            case NodeKind.Sql or NodeKind.Break or NodeKind.Sleep or NodeKind.WaitSchedule or NodeKind.Http or NodeKind.HttpMultipart
                or NodeKind.HttpJson
                or NodeKind.Signal or NodeKind.Fail or NodeKind.Call or NodeKind.Activity:
                throw new InvalidOperationException($"{parent.Node.Kind} node {parent.Node.Number} has a child.");
        }
    }
}
