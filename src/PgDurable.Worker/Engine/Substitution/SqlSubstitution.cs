using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Replaces <c>$name</c> and its other forms in a step's SQL, each in the way that fits its context.</summary>
/// <remarks>
/// In plain SQL, a reference becomes a literal, typed or not (see <see cref="Reading"/>). Between quotes, it becomes text. The body of a
/// dollar quote is SQL again. Comments are left alone. Inserted values are never read again. Unknown names stay as they are.
/// </remarks>
internal sealed class SqlSubstitution
{
    // Every level reads its body once more, and the user chooses the depth.
    const int MaximumDepth = 16;

    readonly string _sql;
    readonly IReadOnlyDictionary<string, StepResult> _names;
    readonly int _depth;
    readonly SqlLexer _lexer;
    readonly Places _places;
    readonly SqlPieces _pieces;
    bool _hasReplaced;
    int _copied;
    bool _afterReference;

    SqlSubstitution(string sql, IReadOnlyDictionary<string, StepResult> names, int depth)
    {
        _sql = sql;
        _names = names;
        _depth = depth;
        _lexer = new SqlLexer(sql);
        _places = new Places(sql);
        _pieces = new SqlPieces(sql);
    }

    /// <param name="sql">The step's SQL.</param>
    /// <param name="names">The named results, and the input as <c>input</c>.</param>
    /// <exception cref="SubstitutionException">A reference to a known name can't be replaced.</exception>
    public static SubstitutedSql Substitute(string sql, IReadOnlyDictionary<string, StepResult> names)
    {
        try
        {
            if (!sql.Contains('$'))
                return new SubstitutedSql(sql, ParameterizedSql.IsPossible(sql) ? new ParameterizedSql(sql, []) : null);
            var substitution = new SqlSubstitution(sql, names, 0);
            substitution.Run();
            return substitution._hasReplaced
                ? SubstitutedSql.Of(substitution._pieces)
                : new SubstitutedSql(sql, substitution._pieces.WriteParameterized(Reading.Natural));
        }
        catch (InvalidOperationException exception)
        {
            // Only a member name that is half of a surrogate pair causes this; any lookup may come across one.
            throw new SubstitutionException(
                $"a result that the SQL refers to is not valid Unicode: {exception.Message}",
                "Clean the value where it enters the workflow.");
        }
    }

    void Run()
    {
        // Check before reading, because the token may itself be the continuation.
        var afterLiteral = false;
        while (_lexer.Read(out var token))
        {
            switch (token.Kind)
            {
                case SqlTokenKind.Dollar:
                    if (Reference.TryRead(_sql, token.Start, _sql.Length, _names, out var reference))
                        ReplacePlain(token.Start, reference, afterLiteral || _afterReference);
                    break;
                case SqlTokenKind.Parameter:
                    _pieces.ForbidParameters(); // an error today must not become a value
                    break;
                case SqlTokenKind.DollarString:
                    ReplaceBody(token);
                    break;
                case SqlTokenKind.String or SqlTokenKind.EscapeString or SqlTokenKind.NationalString or SqlTokenKind.UnicodeString
                    or SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier:
                    ReplaceQuoted(token);
                    break;
            }
            if (!token.IsGap && token.Kind != SqlTokenKind.Dollar)
                _afterReference = false;
            if (!token.IsGap)
                _places.See(token);
            afterLiteral = _lexer.IsAfterLiteral;
        }
        _pieces.AddText(_copied, _sql.Length);
    }

    void ReplacePlain(int start, in Reference reference, bool afterLiteral)
    {
        var isolate = afterLiteral || RunsIntoPrevious(start) || RunsIntoNext(reference.End);
        CopyUpTo(start);
        if (reference.IsRowSet)
            _pieces.AddRows(reference);
        else
            _pieces.AddValue(
                ReferenceValue.Of(reference), reference.ToString(), _places.At(reference.End, isolate, isStatement: _depth == 0));
        Continue(reference.End);
        _lexer.MoveTo(reference.End);
        _afterReference = true;
    }

    void ReplaceBody(SqlToken token)
    {
        if (_depth == MaximumDepth)
        {
            throw new SubstitutionException(
                $"dollar quotes are nested more than {MaximumDepth} deep", "Move the inner code into a function of its own.");
        }
        var body = _sql[token.ContentStart..token.ContentEnd];
        if (_names.Count == 0 || !body.Contains('$'))
            return;
        var inner = new SqlSubstitution(body, _names, _depth + 1);
        inner.Run();
        if (!inner._hasReplaced)
            return;
        CopyUpTo(token.Start);
        _pieces.AddBody(_sql[token.Start..token.ContentStart], inner._pieces, isTerminated: token.Error == null);
        Continue(token.End);
    }

    void ReplaceQuoted(SqlToken token)
    {
        var standsAlone = !token.IsContinuation && !RunsIntoLiteral(token.End);
        if (QuotedText.Replace(_sql, token, _names, standsAlone) is not { } replaced)
            return;
        CopyUpTo(token.Start);
        _pieces.AddOtherText(replaced);
        Continue(token.End);
    }

    void CopyUpTo(int position)
    {
        _hasReplaced = true;
        _pieces.AddText(_copied, position);
    }

    void Continue(int position) => _copied = position;

    /// <summary>
    /// What a bare literal would run into: <c>1$n</c>, <c>.$n</c>, <c>U&amp;$n</c>, <c>'a'$n</c>, or what replaces a quoted text.
    /// </summary>
    bool RunsIntoPrevious(int start) =>
        start > 0 && (start == _copied || SqlCharacters.IsNamePart(_sql[start - 1]) || _sql[start - 1] is '.' or '&' or '\'' or '"');

    bool RunsIntoNext(int position)
    {
        if (position == _sql.Length)
            return false;
        var next = _sql[position];
        return SqlCharacters.IsNamePart(next) || next is '.' or '"' or '[' or '(' || RunsIntoLiteral(position);
    }

    /// <summary>
    /// Whether a literal follows, perhaps after line breaks: PostgreSQL would join the two and read the second like the first.
    /// </summary>
    bool RunsIntoLiteral(int position)
    {
        while (position < _sql.Length)
        {
            if (SqlCharacters.IsSpace(_sql[position]))
                position++;
            else if (string.CompareOrdinal(_sql, position, "--", 0, 2) == 0)
                position = EndOfLine(position);
            else
                return _sql[position] == '\'';
        }
        return false;
    }

    int EndOfLine(int position)
    {
        while (position < _sql.Length && !SqlCharacters.IsLineEnd(_sql[position]))
            position++;
        return position;
    }
}
