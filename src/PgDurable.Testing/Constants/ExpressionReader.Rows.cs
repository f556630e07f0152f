using PgDurable.Sql;

namespace PgDurable.Testing.Constants;

/// <content>The rows that replace <c>$name.*</c>. Only their number is used.</content>
internal sealed partial class ExpressionReader
{
    private int RowSet()
    {
        Expect("(");
        var start = _next;
        var isValues = Take("VALUES");
        var (depth, groups) = (1, 0);
        while (depth > 0)
        {
            if (Current is not { } token)
                throw new NotConstantException();
            if (token.Kind == SqlTokenKind.OpenParenthesis && depth++ == 1)
                groups++;
            if (token.Kind == SqlTokenKind.CloseParenthesis)
                depth--;
            _next++;
        }
        // "(SELECT NULL::type, … WHERE false)"
        var isEmpty = !isValues && _next - start > 2 && _tokens[_next - 2].IsKeyword(_sql, "false")
            && _tokens[_next - 3].IsKeyword(_sql, "WHERE");
        if (!isValues && !isEmpty)
            throw new NotConstantException();
        Expect("AS");
        _ = TakeName() ?? throw new NotConstantException();
        if (Take("("))
        {
            do
                _ = TakeName();
            while (Take(","));
            Expect(")");
        }
        return isValues ? groups : 0;
    }
}
