using System.Text;

namespace PgDurable;

/// <summary>
/// Text in pieces, each a string or another such text. A node refers to the texts of its children, so composing a chain step by step
/// copies nothing.
/// </summary>
internal sealed class TextPieces(params ReadOnlySpan<object> pieces)
{
    private readonly object[] _pieces = pieces.ToArray();

    // Uses its own stack, because a chain may be longer than the thread's stack is deep.
    public override string ToString()
    {
        var text = new StringBuilder();
        var open = new Stack<(object[] Pieces, int Next)>();
        open.Push((_pieces, 0));
        while (open.TryPop(out var top))
        {
            if (top.Next == top.Pieces.Length)
                continue;
            open.Push((top.Pieces, top.Next + 1));
            if (top.Pieces[top.Next] is TextPieces inner)
                open.Push((inner._pieces, 0));
            else
                text.Append((string)top.Pieces[top.Next]);
        }
        return text.ToString();
    }
}
