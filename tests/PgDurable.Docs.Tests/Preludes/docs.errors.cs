public abstract partial class Prelude
{
    protected readonly WorkflowHandle run = null!;
}
