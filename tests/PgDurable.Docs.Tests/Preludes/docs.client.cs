// with: orders.cs
// base: Migration

public abstract partial class Prelude
{
    protected readonly long[] orders = [1];
    protected readonly DateTimeOffset tomorrow;
    protected readonly WorkflowHandle<OrderApproval.Decision> run = null!;
}
