using PgDurable.Generators.Spec;

namespace PgDurable.Generators.Emit;

/// <summary>Writes the generated part of an activity's class.</summary>
internal static class ActivityEmitter
{
    public static string Emit(ActivitySpec activity)
    {
        var source = new SourceWriter();
        source.Begin(activity.Namespace, activity.TypeHeaders);
        var types = activity.ResultType is { } result ? $"{activity.InputType}, {result}" : activity.InputType;
        var create = activity.IsTransactional ? "CreateTransactional" : "Create";
        source.Line($"/// <summary>The activity <c>{activity.Name}</c>, to run in workflows and to add to an application.</summary>");
        source.Line($"{activity.Accessibility} static global::PgDurable.ActivityDefinition<{types}> Definition {{ get; }} =");
        source.Line($"    global::PgDurable.ActivityDefinition.{create}<{activity.TypeName}, {types}>(");
        source.Line($"        name: {SourceWriter.Literal(activity.Name)},");
        EmitValue(source, activity, activity.Input, "input", "Input", activity.Result is null);
        if (activity.Result is { } value)
            EmitValue(source, activity, value, "result", "Result", isLast: true);
        for (var i = 0; i < activity.Records.Count; i++)
        {
            RecordEmitter.EmitWriter(source, activity.Records[i], i);
            RecordEmitter.EmitReader(source, activity.Records[i], i);
        }

        foreach (var _ in activity.TypeHeaders)
            source.Close();
        return source.ToString();
    }

    private static void EmitValue(SourceWriter source, ActivitySpec activity, ValueSpec value, string what, string name, bool isLast)
    {
        var whole = $"{ValueEmitter.ResultValue}.Of(json, {SourceWriter.Literal($"the {what} of activity '{activity.Name}'")})";
        source.Line($"        write{name}: static (writer, {what}) => {ValueEmitter.Write(value, "writer", what)},");
        source.Line($"        read{name}: static json => {ValueEmitter.Read(value, whole)}{(isLast ? ");" : ",")}");
    }
}
