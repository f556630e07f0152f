using PgDurable.Generators.Lowering;
using PgDurable.Generators.Parsing;
using PgDurable.Graph;

namespace PgDurable.Generators.Tests.Parsing;

/// <summary>The generator knows the Sdk only by name. These tests compare the names with the Sdk.</summary>
public sealed class WellKnownNamesTests
{
    [Fact]
    public void Types_AreThoseOfTheSdk()
    {
        Assert.Equal(WellKnownNames.WorkflowAttribute, typeof(WorkflowAttribute).FullName);
        Assert.Equal(WellKnownNames.ColumnAttribute, typeof(ColumnAttribute).FullName);
        Assert.Equal(WellKnownNames.StoredAsNumberAttribute, typeof(StoredAsNumberAttribute).FullName);
        Assert.Equal(WellKnownNames.TagAttribute, typeof(TagAttribute).FullName);
        Assert.Equal((WellKnownNames.Namespace, WellKnownNames.Flow), (typeof(Flow).Namespace, typeof(Flow).Name));
        Assert.Equal(WellKnownNames.Workflow + "`1", typeof(IWorkflow<>).Name);
        Assert.Equal(WellKnownNames.Workflow + "`2", typeof(IWorkflow<,>).Name);
        Assert.Equal(WellKnownNames.Rows + "`1", typeof(Rows<>).Name);
        Assert.Equal(WellKnownNames.Version, nameof(WorkflowAttribute.Version));
        Assert.Equal(WellKnownNames.Description, nameof(WorkflowAttribute.Description));
        Assert.NotNull(typeof(IWorkflow<>).GetMethod(WellKnownNames.Define));
        Assert.Equal(WellKnownNames.ActivityAttribute, typeof(ActivityAttribute).FullName);
        Assert.Equal(WellKnownNames.Activity + "`1", typeof(IActivity<>).Name);
        Assert.Equal(WellKnownNames.TransactionalActivity + "`2", typeof(ITransactionalActivity<,>).Name);
        Assert.Equal(WellKnownNames.ActivityDefinition, nameof(ActivityDefinition));
        Assert.Equal((WellKnownNames.OnCancel, 1), (nameof(WorkflowAttribute.OnCancel), (int)OnCancel.Undo));
        Assert.NotNull(typeof(ITransactionalActivity<>).GetMethod(WellKnownNames.RunAsync));
        Assert.NotNull(typeof(IWorkflow<>).GetProperty(WellKnownNames.Definition));
    }

    [Fact]
    public void Limits_AreThoseOfTheGraph() =>
        Assert.Equal((WorkflowGraph.MaxDepth, WorkflowGraph.MaxNodes), (Limits.MaxDepth, Limits.MaxNodes));

    [Fact]
    public void Steps_AreTheMethodsOfFlow() =>
        Assert.Equal(
            typeof(Flow).GetMethods().Where(method => method.DeclaringType == typeof(Flow) && !method.IsSpecialName)
                .Select(method => method.Name).Distinct().Order(StringComparer.Ordinal),
            FlowLowering.StepNames.Order(StringComparer.Ordinal));
}
