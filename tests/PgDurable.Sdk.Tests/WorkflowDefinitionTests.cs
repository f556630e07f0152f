using System.Security.Cryptography;
using System.Text;

namespace PgDurable.Sdk.Tests;

public sealed class WorkflowDefinitionTests
{
    [Fact]
    public void Definition_OfAWorkflow_HasItsGraph()
    {
        var definition = OrderApproval.Definition;

        Assert.Equal("order-approval", definition.Name);
        Assert.Equal(3, definition.Version);
        Assert.Equal(
            """{"node_type":"THEN","left_node":{"node_type":"THEN","left_node":{"node_type":"SQL","query":"SELECT order_id, total, note """
            + """FROM orders WHERE order_id = $input.order_id","result_name":"order"},"right_node":"""
            + """{"node_type":"SQL","query":"INSERT INTO audit VALUES ($order.order_id, $order.total, $order.note?, 10000)"}}"""
            + ""","right_node":{"node_type":"SQL","query":"UPDATE orders """
            + """SET status = 'approved' WHERE order_id = $order.order_id RETURNING status"}}""",
            definition.GraphJson);
        Assert.Equal(
            """
            /* OrderApproval.cs:15 */ ('SELECT order_id, total, note FROM orders WHERE order_id = $input.order_id' |=> 'order')
              ~> /* OrderApproval.cs:16 */ 'INSERT INTO audit VALUES ($order.order_id, $order.total, $order.note?, 10000)'
              ~> /* OrderApproval.cs:17 */ 'UPDATE orders SET status = ''approved'' WHERE order_id = $order.order_id RETURNING status'
            """,
            definition.SqlText);
    }

    [Fact]
    public void ContentHash_IsSha256OfTheGraph() =>
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(OrderApproval.Definition.GraphJson))),
            OrderApproval.Definition.ContentHash);

    // This project has no workflows.lock.json.
    [Fact]
    public void IsReleased_NotInTheLockFile_IsFalse() => Assert.False(OrderApproval.Definition.IsReleased);

    // Whoever creates a definition in another way must ask for being overwritten.
    [Fact]
    public void IsReleased_NotGenerated_IsTrue() =>
        Assert.True(new WorkflowDefinition<int>("w", 1, "{}", "''", (_, _) => { }).IsReleased);

    [Fact]
    public void WriteInput_Record_HasSnakeCaseNames() =>
        Assert.Equal("""{"order_id":42}""", OrderApproval.Definition.WriteInput(new(42)));

    [Fact]
    public void ReadResult_FirstRow_IsRead() =>
        Assert.Equal(
            new("approved"),
            OrderApproval.Definition.ReadResult("""{"rows":[{"status":"approved"}],"row_count":1,"rows_affected":1}"""));

    [Fact]
    public void ReadResult_WithADeepJsonColumn_IsRead() =>
        Assert.Equal(
            new("approved"),
            OrderApproval.Definition.ReadResult(
                $$"""{"rows":[{"status":"approved","deep":{{new string('[', 500)}}{{new string(']', 500)}}}],"row_count":1}"""));

    [Fact]
    public void Define_Executed_SaysWhatToDo()
    {
        var error = Assert.Throws<InvalidOperationException>(() => OrderApproval.Define(null!, new(1)));

        Assert.Contains("StartAsync", error.Message, StringComparison.Ordinal);
    }

    // Whoever starts the registered graph gets the tags.
    [Fact]
    public void Definition_WithTags_SetsThemInItsFirstStep()
    {
        Assert.Equal(
            """{"node_type":"THEN","left_node":{"node_type":"THEN","left_node":{"node_type":"SQL","query":"SELECT df.tag("""
            + """df.tag($sys_instance_id, 'customer', ($input.customer_id::bigint)::text), 'region', ($input.region?::text)::text)"}"""
            + ""","right_node":{"node_type":"SQL","query":"SELECT 1"}},"right_node":{"node_type":"SQL","query":"SELECT df.tag("""
            + """$sys_instance_id, 'phase', ('packed')::text)"}}""",
            TaggedOrder.Definition.GraphJson);
        Assert.EndsWith("TaggedOrder.cs:9", TaggedOrder.Definition.Sources[0]);
    }
}
