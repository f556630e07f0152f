using PgDurable.Graph;

namespace PgDurable.Generators.Tests;

/// <summary>The generator knows the Sdk by names only; here the two meet.</summary>
public sealed class WellKnownNamesTests
{
    [Fact]
    public void Types_AreThoseOfTheSdk()
    {
        Assert.Equal(WellKnownNames.WorkflowAttribute, typeof(WorkflowAttribute).FullName);
        Assert.Equal(WellKnownNames.ColumnAttribute, typeof(ColumnAttribute).FullName);
        Assert.Equal((WellKnownNames.Namespace, WellKnownNames.Flow), (typeof(Flow).Namespace, typeof(Flow).Name));
        Assert.Equal(WellKnownNames.Workflow + "`1", typeof(IWorkflow<>).Name);
        Assert.Equal(WellKnownNames.Workflow + "`2", typeof(IWorkflow<,>).Name);
        Assert.Equal(WellKnownNames.Rows + "`1", typeof(Rows<>).Name);
        Assert.Equal(WellKnownNames.Version, nameof(WorkflowAttribute.Version));
        Assert.NotNull(typeof(IWorkflow<>).GetMethod(WellKnownNames.Define));
    }

    [Fact]
    public void MaxSteps_IsWhatAGraphsDepthAllows() => Assert.Equal(WorkflowGraph.MaxDepth + 1, WellKnownNames.MaxSteps);

    [Fact]
    public void Steps_AreTheMethodsOfFlow()
    {
        var methods = typeof(Flow).GetMethods().Where(method => method.DeclaringType == typeof(Flow)).ToArray();

        Assert.Equal(
            [WellKnownNames.Execute, WellKnownNames.Query, WellKnownNames.QuerySingle],
            methods.Select(method => method.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(methods, method => Assert.Equal(WellKnownNames.SqlParameter, method.GetParameters()[0].Name));
        Assert.All(
            methods.Where(method => method.GetParameters().Length == 2),
            method => Assert.Equal(
                method.Name == WellKnownNames.Query ? WellKnownNames.RowsParameter : WellKnownNames.RowParameter,
                method.GetParameters()[1].Name));
    }
}
