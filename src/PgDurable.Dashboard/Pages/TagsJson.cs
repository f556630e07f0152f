using System.Text.Json.Serialization;

namespace PgDurable.Dashboard.Pages;

/// <summary>Reads tags.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TagsJson : JsonSerializerContext;
