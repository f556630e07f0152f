using System.Text;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>
/// Replaces <c>{name}</c> with captured variables, <c>{sys_instance_id}</c> and <c>{sys_label}</c>, letter for letter. Unknown names stay
/// as they are.
/// </summary>
internal static class Variables
{
    public static string Replace(string text, InstanceFacts facts)
    {
        if (!text.Contains('{'))
            return text;
        StringBuilder? target = null;
        var copied = 0;
        var open = -1;
        for (var i = 0; i < text.Length; i++)
        {
            // An inner brace starts over: in {"key":"{x}"}, the name is x.
            if (text[i] == '{')
                open = i;
            if (text[i] != '}' || open < 0)
                continue;
            if (Find(text[(open + 1)..i], facts) is { } value)
            {
                (target ??= new StringBuilder()).Append(text, copied, open - copied).Append(value);
                copied = i + 1;
            }
            open = -1;
        }
        return target is null ? text : target.Append(text, copied, text.Length - copied).ToString();
    }

    public static string? Find(string name, InstanceFacts facts) => name switch
    {
        "sys_instance_id" => facts.Id,
        "sys_label" => facts.Label ?? "",
        _ => facts.Variables.GetValueOrDefault(name),
    };
}
