namespace PgDurable;

/// <summary>
/// One part of a <c>multipart/form-data</c> body: see
/// <see cref="Df.HttpMultipart(string, IReadOnlyCollection{DfPart}, string, IReadOnlyDictionary{string, string}?, int)"/>.
/// </summary>
/// <param name="Name">The name of the field.</param>
/// <param name="DataBase64">The data in Base64, or a single reference to such text.</param>
public sealed record DfPart(string Name, string DataBase64)
{
    /// <summary>The name of the file, or null for none.</summary>
    public string? FileName { get; init; }

    /// <summary>The type of the data, such as <c>image/png</c>, or null for none.</summary>
    public string? ContentType { get; init; }
}
