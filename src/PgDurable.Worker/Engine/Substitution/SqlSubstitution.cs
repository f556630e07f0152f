using System.Text;
using PgDurable.Sql;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>Replaces <c>$name</c> and its forms in a step's SQL, each in the way that fits the place where it stands.</summary>
/// <remarks>
/// In plain SQL a reference becomes a typed literal, between quotes it becomes text, the body of a dollar quote is SQL again, and comments
/// are left alone. What was put in is never looked at again. Unknown names stay as they are.
/// </remarks>
internal sealed class SqlSubstitution
{
    // Every level reads its body once more, and the depth is the user's to choose.
    const int MaximumDepth = 16;

    readonly string _sql;
    readonly IReadOnlyDictionary<string, StepResult> _names;
    readonly int _depth;
    readonly SqlLexer _lexer;
    StringBuilder? _target;
    ParameterizedText? _parameterized;
    int _copied;
    bool _afterReference;

    SqlSubstitution(string sql, IReadOnlyDictionary<string, StepResult> names, int depth)
    {
        _sql = sql;
        _names = names;
        _depth = depth;
        _lexer = new SqlLexer(sql);
        if (depth == 0 && ParameterizedText.IsPossible(sql))
            _parameterized = new ParameterizedText();
    }

    /// <param name="sql">The step's SQL.</param>
    /// <param name="names">The named results, and the input as <c>input</c>.</param>
    /// <exception cref="SubstitutionException">A reference to a known name can't be replaced.</exception>
    public static SubstitutedSql Substitute(string sql, IReadOnlyDictionary<string, StepResult> names)
    {
        try
        {
            if (!sql.Contains('$'))
                return new SubstitutedSql(sql, ParameterizedText.IsPossible(sql) ? new ParameterizedSql(sql, []) : null);
            var substitution = new SqlSubstitution(sql, names, 0);
            var text = substitution.Run();
            return new SubstitutedSql(text, substitution._parameterized?.ToSql());
        }
        catch (InvalidOperationException exception)
        {
            // Only reading a member name that is half of a surrogate pair does this; any lookup may come across one.
            throw new SubstitutionException(
                $"a result that the SQL refers to is not valid Unicode: {exception.Message}",
                "Clean the value where it enters the workflow.");
        }
    }

    static string Substitute(string sql, IReadOnlyDictionary<string, StepResult> names, int depth) =>
        names.Count == 0 || !sql.Contains('$') ? sql : new SqlSubstitution(sql, names, depth).Run();

    string Run()
    {
        // Asked before reading, because a token may itself be what goes on.
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
                    _parameterized = null; // an error today must not become a value
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
                _parameterized?.See(_sql, token);
            afterLiteral = _lexer.IsAfterLiteral;
        }
        _parameterized?.Append(_sql, _copied, _sql.Length);
        return _target == null ? _sql : _target.Append(_sql, _copied, _sql.Length - _copied).ToString();
    }

    void ReplacePlain(int start, in Reference reference, bool afterLiteral)
    {
        var target = CopyUpTo(start);
        if (reference.IsRowSet)
        {
            _parameterized = null;
            RowSet.Append(target, reference);
        }
        else
        {
            var isolate = afterLiteral || RunsIntoPrevious(target) || RunsIntoNext(reference.End);
            var value = ReferenceValue.Of(reference);
            PlainValue.Append(target, value, reference.ToString(), isolate);
            _parameterized?.Append(value, reference.ToString(), isolate);
        }
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
        var replaced = Substitute(body, _names, _depth + 1);
        if (ReferenceEquals(replaced, body))
            return;
        _parameterized = null;
        var delimiter = DollarTag.For(replaced, _sql[token.Start..token.ContentStart]);
        var target = CopyUpTo(token.Start).Append(delimiter).Append(replaced);
        if (token.Error == null)
            target.Append(delimiter);
        Continue(token.End);
    }

    void ReplaceQuoted(SqlToken token)
    {
        var standsAlone = !token.IsContinuation && !RunsIntoLiteral(token.End);
        if (QuotedText.Replace(_sql, token, _names, standsAlone) is not { } replaced)
            return;
        _parameterized = null;
        CopyUpTo(token.Start).Append(replaced);
        Continue(token.End);
    }

    StringBuilder CopyUpTo(int position)
    {
        _parameterized?.Append(_sql, _copied, position);
        return (_target ??= new StringBuilder(_sql.Length + 32)).Append(_sql, _copied, position - _copied);
    }

    void Continue(int position) => _copied = position;

    /// <summary>What a bare literal would join: <c>1$n</c>, <c>.$n</c>, <c>U&amp;$n</c>, <c>'a'$n</c>.</summary>
    static bool RunsIntoPrevious(StringBuilder target) =>
        target.Length > 0 && (SqlCharacters.IsNamePart(target[^1]) || target[^1] is '.' or '&' or '\'' or '"');

    bool RunsIntoNext(int position)
    {
        if (position == _sql.Length)
            return false;
        var next = _sql[position];
        return SqlCharacters.IsNamePart(next) || next is '.' or '"' or '[' or '(' || RunsIntoLiteral(position);
    }

    /// <summary>A literal follows, maybe behind line breaks: PostgreSQL would join the two and read the second like the first.</summary>
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
