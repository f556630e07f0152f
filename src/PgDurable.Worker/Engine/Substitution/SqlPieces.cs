using System.Text;
using System.Text.RegularExpressions;

namespace PgDurable.Worker.Engine.Substitution;

/// <summary>
/// A statement in pieces, the fixed text and what replaces the references, so that it can be written in more than one way.
/// </summary>
internal sealed partial class SqlPieces(string sql)
{
    abstract record Piece;

    sealed record TextPiece(int Start, int End) : Piece;

    sealed record OtherText(string Text) : Piece;

    sealed record ValuePiece(ReferenceValue Value, string Reference, ValuePlace Place) : Piece;

    sealed record RowsPiece(Reference Reference) : Piece;

    sealed record BodyPiece(string Delimiter, SqlPieces Body, bool IsTerminated) : Piece;

    readonly List<Piece> _pieces = [];
    bool _mayBePrepared = ParameterizedSql.IsPossible(sql);
    bool? _writes, _namesInterval;

    /// <summary>Whether a reference was replaced by something that can be written in more than one way.</summary>
    public bool HasValues { get; private set; }

    /// <summary>Whether values stand in a dollar quote, which may be code that runs.</summary>
    public bool HasValuesInBodies { get; private set; }

    /// <summary>Rules parameters out: with them, the statement could mean something else, or nothing.</summary>
    public void ForbidParameters() => _mayBePrepared = false;

    public void AddText(int start, int end)
    {
        if (end > start)
            _pieces.Add(new TextPiece(start, end));
    }

    /// <summary>Text that replaces other text, and holds values without a type.</summary>
    public void AddOtherText(string text)
    {
        ForbidParameters();
        _pieces.Add(new OtherText(text));
    }

    public void AddValue(in ReferenceValue value, string reference, ValuePlace place)
    {
        HasValues = true;
        _pieces.Add(new ValuePiece(value, reference, place));
    }

    public void AddRows(in Reference reference)
    {
        ForbidParameters();
        HasValues = true;
        _pieces.Add(new RowsPiece(reference));
    }

    public void AddBody(string delimiter, SqlPieces body, bool isTerminated)
    {
        ForbidParameters();
        HasValues |= body.HasValues;
        HasValuesInBodies |= body.HasValues;
        _pieces.Add(new BodyPiece(delimiter, body, isTerminated));
    }

    /// <summary>The statement with literals.</summary>
    public string Write(Reading reading)
    {
        var target = new StringBuilder(sql.Length + 32);
        foreach (var piece in _pieces)
        {
            switch (piece)
            {
                case TextPiece text:
                    target.Append(sql, text.Start, text.End - text.Start);
                    break;
                case OtherText other:
                    target.Append(other.Text);
                    break;
                case ValuePiece value:
                    var read = Read(value, reading);
                    PlainValue.Append(target, read, value.Reference, value.Place.Isolate);
                    if (value.Place.IsColumn && PlainValue.IsCast(read))
                        target.Append(NoName);
                    break;
                case RowsPiece rows:
                    RowSet.Append(target, rows.Reference, reading);
                    break;
                case BodyPiece body:
                    var inner = body.Body.Write(reading);
                    var delimiter = DollarTag.For(inner, body.Delimiter);
                    target.Append(delimiter).Append(inner);
                    if (body.IsTerminated)
                        target.Append(delimiter);
                    break;
            }
        }
        return target.ToString();
    }

    /// <summary>The statement with parameters; null if that could mean something else than with literals.</summary>
    public ParameterizedSql? WriteParameterized(Reading reading)
    {
        if (!_mayBePrepared)
            return null;
        var text = new ParameterizedText();
        foreach (var piece in _pieces)
        {
            if (piece is TextPiece part)
            {
                text.Append(sql, part.Start, part.End);
            }
            else if (piece is ValuePiece value)
            {
                var read = Read(value, reading);
                if (!text.TryAppend(read, value.Reference, value.Place, takesIntervals: Writes || NamesInterval))
                    return null;
            }
        }
        return text.ToSql();
    }

    // A literal's column has no name; a cast would name it after its type.
    public const string NoName = " AS \"?column?\"";

    ReferenceValue Read(ValuePiece piece, Reading reading) => reading switch
    {
        // ORDER BY 'name' sorts by nothing, and the server reports that, but not if the text has a type.
        Reading.Typed => piece.Place.MayBePosition ? piece.Value : piece.Value.Typed(),
        Reading.Untyped => piece.Value.Untyped(piece.Reference),
        _ => piece.Value.IsText && piece.Value.TypeName is not null && !IsTypedText(piece)
            ? piece.Value with { TypeName = null }
            : piece.Value,
    };

    /// <summary>Whether a text keeps its type at first, because of its context.</summary>
    bool IsTypedText(ValuePiece piece)
    {
        if (piece.Place.MayBePosition)
            return true;
        // tags || 'x' appends to an array, but tags || '{x}' joins two: the value must not decide which. A JSON document isn't an array,
        // and may be meant for a jsonb.
        if (piece.Place.BesideConcatenation)
            return piece.Value.IsNull || !JsonText.IsDocument(JsonText.Plain(piece.Value.Json, piece.Reference));
        // Without a type, it couldn't be a parameter. In an assignment, a text means the same with its type.
        return Writes && !NamesInterval && !piece.Value.IsNull
            && IntervalText.DependsOnPlace(JsonText.Plain(piece.Value.Json, piece.Reference));
    }

    bool Writes => _writes ??= WritesRows().IsMatch(sql);

    bool NamesInterval => _namesInterval ??= Interval().IsMatch(sql);

    [GeneratedRegex(@"\b(insert|update|merge)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WritesRows();

    [GeneratedRegex(@"\binterval\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Interval();
}
