namespace PgDurable;

/// <summary>
/// The body of a request that isn't JSON, in the place of the JSON: <c>.HttpPost(url, HttpBody.Form(new { code = input.Code }))</c>.
/// </summary>
public static class HttpBody
{
    /// <summary>A form (<c>application/x-www-form-urlencoded</c>). Names and values are percent-encoded.</summary>
    /// <param name="fields">
    /// The fields, as an anonymous object or a dictionary. A value is a text, a number, or another scalar; null becomes an empty field.
    /// </param>
    /// <returns>The body.</returns>
    /// <remarks>For a secret field, use <see cref="HttpOptions.SecretForm"/> instead of a body.</remarks>
    public static object Form(object fields) => throw DefinitionOnly.Error();

    /// <summary>A text.</summary>
    /// <param name="text">The text. Values are inserted letter for letter, in UTF-8.</param>
    /// <param name="contentType">The media type, a constant.</param>
    /// <returns>The body.</returns>
    public static object Text(FlowText text, string contentType = "text/plain; charset=utf-8") => throw DefinitionOnly.Error();
}
