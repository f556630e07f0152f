using System.Globalization;
using System.Text;
using PgDurable.Worker.Engine;

namespace PgDurable.Testing.Running;

/// <summary>Records what happens in a run: the executed steps and a readable trace.</summary>
/// <param name="time">The clock.</param>
/// <param name="workflow">The workflow under test. The trace names other workflows.</param>
internal sealed class RunLog(VirtualTime time, string workflow)
{
    private const int Width = 160;

    private readonly List<ExecutedStep> _executed = [];
    private readonly StringBuilder _trace = new();

    public IReadOnlyList<ExecutedStep> Executed => _executed;

    public string Trace => _trace.ToString();

    public void Ran(TestStep step, string what, StepResult? result, TestError? error, bool crashed = false, bool computed = false)
    {
        _executed.Add(new ExecutedStep
        {
            Name = step.Name,
            Workflow = step.Workflow,
            Kind = step.Kind,
            Node = step.Node,
            Path = step.Path,
            Sql = what,
            Activity = StepNames.Activity(step.Definition),
            InputJson = step.InputJson,
            Attempt = step.Attempt,
            At = time.Elapsed,
            ResultJson = result?.Json,
            Error = error,
            Crashed = crashed,
            IsComputed = computed,
            Definition = step.Definition,
        });
        var place = step.Path.Length == 0 ? "" : $" [{step.Path}]";
        var isNamed = step.Name != what && (step.Kind != Graph.NodeKind.Sql || step.Definition.ResultName is not null);
        var shown = Short(step.InputJson is null ? what : $"{what} {step.InputJson}");
        Line($"{Where(step.Workflow)}{(isNamed ? $"{step.Name}{place}: {shown}" : $"{shown}{place}")}");
        More(error is not null ? $"✗ {error.SqlState} {error.Message}" : crashed ? "✗ not committed" : $"→ {Short(result?.Json ?? "")}");
    }

    public void Ended(VirtualInstance instance, Graph.Node node, StepResult? result, StepError? error)
    {
        var end = error is null ? $"→ {Short(result?.Json ?? "")}" : $"✗ {error.SqlState} {error.Message}";
        Line($"{Where(instance.Workflow)}{StepNames.Of(node)} {end}");
    }

    public void Note(string text) => Line(text);

    public static string Short(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= Width ? words : words[..Width] + " …";
    }

    private string Where(string of) => of == workflow ? "" : of + "/";

    private void Line(string text) =>
        _trace.Append(time.Elapsed.ToString("c", CultureInfo.InvariantCulture).PadRight(18)).Append(text).Append('\n');

    private void More(string text) => _trace.Append(' ', 18).Append("  ").Append(text).Append('\n');
}
