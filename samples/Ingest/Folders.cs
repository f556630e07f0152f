namespace Ingest;

/// <summary>Where files are: inbox, done.</summary>
public sealed record Folders(string Root)
{
    public string File(string folder, string name) => Path.Combine(Root, folder, Path.GetFileName(name));
}
