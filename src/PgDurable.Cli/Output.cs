using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace PgDurable.Cli;

/// <summary>Writes text for people or, with <c>--json</c>, JSON for programs.</summary>
internal sealed class Output
{
    // So wide that no line wraps if the output goes to a file or another program.
    private const int UnlimitedWidth = 100_000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly TextWriter _out;
    private readonly TextWriter _error;

    public Output(bool isJson, TextWriter output, TextWriter error)
    {
        (IsJson, _out, _error) = (isJson, output, error);
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (System.Console.IsOutputRedirected)
            Console.Profile.Width = UnlimitedWidth;
    }

    public bool IsJson { get; }

    /// <summary>The console, for output that only people see.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Writes a value as JSON, on one line.</summary>
    public void WriteJson<T>(T value) => _out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Writes text without characters that would control the terminal.</summary>
    public void WriteLine(string text = "") => _out.WriteLine(Clean(text));

    /// <summary>Writes the JSON with <c>--json</c>, otherwise the text.</summary>
    public void Write<T>(T json, string text)
    {
        if (IsJson)
            WriteJson(json);
        else
            WriteLine(text);
    }

    /// <summary>Writes a table for people.</summary>
    public void WriteTable(string[] columns, IEnumerable<string?[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(Clean(cell ?? "")))]);
        Console.Write(table);
    }

    /// <summary>Asks a question that is answered with yes or no.</summary>
    public Task<bool> ConfirmAsync(string question, CancellationToken ct) =>
        new ConfirmationPrompt(Markup.Escape(Clean(question))) { DefaultValue = false }.ShowAsync(Console, ct);

    /// <summary>Writes an error to standard error and returns the exit code.</summary>
    public int Error(int exitCode, string message, string? sqlState = null, string? hint = null)
    {
        if (IsJson)
        {
            _error.WriteLine(JsonSerializer.Serialize(new { Error = message, SqlState = sqlState, Hint = hint }, Json));
            return exitCode;
        }

        _error.WriteLine($"pgdurable: {Clean(message)}{(sqlState is null ? "" : $" (SQLSTATE {sqlState})")}");
        if (hint is not null)
            _error.WriteLine($"  {Clean(hint)}");
        return exitCode;
    }

    /// <summary>
    /// Replaces characters that would control the terminal. Names and messages come from a database and can't be trusted.
    /// </summary>
    public static string Clean(string text)
    {
        if (!text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
            clean.Append(char.IsControl(c) && c is not ('\n' or '\t') ? ' ' : c);
        return clean.ToString();
    }
}
