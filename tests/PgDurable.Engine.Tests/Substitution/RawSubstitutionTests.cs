using System.Collections.Immutable;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>References where there is no SQL: text, JSON templates, and variables.</summary>
public class RawSubstitutionTests
{
    private static readonly InstanceFacts Facts = new("0a1b2c3d", "my label", null, ImmutableDictionary<string, string>.Empty.Add("region", "eu").Add("x", "$r.n"), TimeSpan.Zero);

    private static readonly ImmutableDictionary<string, StepResult> Names = ImmutableDictionary<string, StepResult>.Empty
        .Add("r", new StepResult("""{"rows":[{"n":7,"t":"O'Neil \"x\"","z":null,"j":{"a":[1]}},{"n":8}],"row_count":2}""", null))
        .Add("sig", new StepResult("""{"data":{"ok":true}}""", null));

    [Theory]
    [InlineData("/orders/$r.n", "/orders/7")]
    [InlineData("$r", "7")]
    [InlineData("name=$r.t", "name=O'Neil \"x\"")]
    [InlineData("$r.j", """{"a":[1]}""")]
    [InlineData("$r.z?", "NULL")]
    [InlineData("$other and $1 and $", "$other and $1 and $")]
    [InlineData("{region}-{sys_instance_id}-{sys_label}-{unknown}", "eu-0a1b2c3d-my label-{unknown}")]
    [InlineData("""{"key":"{region}"}""", """{"key":"eu"}""")]
    [InlineData("{x}", "7")] // what a variable brings in may be a reference
    public void Substitute_Text_HasPlainValues(string text, string expected) => Assert.Equal(expected, RawSubstitution.Substitute(text, Names, Facts));

    [Theory]
    [InlineData("$r.z", "is NULL")]
    [InlineData("$r.missing", "has no field 'missing' (available: j, n, t, z)")]
    public void Substitute_NoValue_SaysWhy(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<SubstitutionException>(() => RawSubstitution.Substitute(text, Names, Facts)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"n":"$r.n"}""", """{"n":7}""")]
    [InlineData("""{"n":"no. $r.n"}""", """{"n":"no. 7"}""")]
    [InlineData("""{"t":"$r.t"}""", """{"t":"O'Neil \"x\""}""")]
    [InlineData("""["$r.j","$r.z?",1,true,null]""", """[{"a":[1]},null,1,true,null]""")]
    [InlineData("""{"$r.n":"{region}"}""", """{"$r.n":"eu"}""")]
    [InlineData("""{"s":"$sig.data"}""", """{"s":{"ok":true}}""")]
    public void Fill_Template_EncodesValues(string template, string expected) => Assert.Equal(expected, JsonTemplate.Fill(template, Names, Facts));
}
