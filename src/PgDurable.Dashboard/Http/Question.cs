using System.Globalization;
using Microsoft.AspNetCore.Http;
using Npgsql;
using PgDurable.Dashboard.Data;

namespace PgDurable.Dashboard.Http;

/// <summary>A request, as pages and actions see it.</summary>
/// <param name="http">The request.</param>
/// <param name="dataSource">The data source.</param>
/// <param name="database">The transaction.</param>
/// <param name="rights">What the person may do.</param>
/// <param name="form">The form's fields; empty for a page.</param>
internal sealed class Question(HttpContext http, NpgsqlDataSource dataSource, Database database, Rights rights, IFormCollection form)
{
    public Database Database => database;

    public DurableClient Client => database.Client(dataSource);

    public Rights Rights => rights;

    public TimeProvider Time => TimeProvider.System;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>A part of the path.</summary>
    public string Route(string name) => http.Request.RouteValues[name] as string ?? "";

    /// <summary>A parameter of the query, or null.</summary>
    public string? Query(string name) => http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>The node of a large graph to show, or null.</summary>
    public int? Node =>
        int.TryParse(Query("node"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var node) ? node : null;

    /// <summary>A field of the form, or null.</summary>
    public string? Field(string name) => form[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>The form's fields whose names begin so, without that beginning.</summary>
    public IEnumerable<(string Name, string Value)> Fields(string prefix) => form
        .Where(field => field.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(field => (field.Key[prefix.Length..], field.Value.ToString()));

    public string RequiredField(string name) =>
        Field(name) ?? throw new RefusedException(400, "Something is missing", $"The field \"{name}\" is empty.");
}
