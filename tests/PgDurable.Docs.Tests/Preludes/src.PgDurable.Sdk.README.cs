public abstract partial class Prelude
{
    protected readonly DurableClient client = null!;
}
