using System.Globalization;
using System.Text;
using PgDurable.Sql;

namespace PgDurable;

/// <summary>Writes registrations as SQL scripts.</summary>
internal static class RegistrationScript
{
    // EF Core encloses a migration's statements in this tag when it writes an idempotent script.
    private const string ForeignTag = "$EF$";

    public static string WriteWithComments(IReadOnlyList<Registrant> sorted, string? role)
    {
        var script = new StringBuilder(
            "-- Registers workflows. Safe to run again: registered workflows don't change. Fails if a version's graph has changed.\n");
        foreach (var each in sorted)
        {
            script.Append(CultureInfo.InvariantCulture, $"--\n-- {OneLine(each.Name)}, version {each.Version}");
            if (each.Sources is [{ } source, ..])
                script.Append(CultureInfo.InvariantCulture, $" ({OneLine(source)})");
            script.Append('\n');
            foreach (var line in each.SqlText.Split('\n'))
                script.Append("--     ").Append(OneLine(line)).Append('\n');
        }

        return script.Append('\n').Append(Write(sorted, role)).ToString();
    }

    /// <summary>Returns a single statement that has no result, so that it can be used inside PL/pgSQL, where a SELECT can't.</summary>
    public static string Write(IReadOnlyList<Registrant> sorted, string? role) => Block(sorted, role, (body, each) =>
    {
        body.Append("    PERFORM df.register_workflow(");
        AppendLiteral(body, each.Name).Append(", ");
        AppendLiteral(body, each.Graph).Append(CultureInfo.InvariantCulture, $", {each.Version}, ");
        AppendOptional(body, each.Description).Append(", ");
        if (each.Sources.Count == 0)
        {
            body.Append("NULL);\n");
            return;
        }

        body.Append("ARRAY[");
        for (var i = 0; i < each.Sources.Count; i++)
            AppendOptional(i == 0 ? body : body.Append(", "), each.Sources[i]);
        body.Append("]::pg_catalog.text[]);\n");
    });

    public static string WriteDrop(IReadOnlyList<Registrant> sorted, string? role) => Block(sorted, role, (body, each) =>
    {
        body.Append("    BEGIN\n        PERFORM df.drop_workflow_version(");
        AppendLiteral(body, each.Name).Append(CultureInfo.InvariantCulture, $", {each.Version});\n");
        body.Append("    EXCEPTION WHEN SQLSTATE 'DF014' THEN NULL; -- not registered\n    END;\n");
    });

    private static string Block(IReadOnlyList<Registrant> sorted, string? role, Action<StringBuilder, Registrant> write)
    {
        var body = new StringBuilder();
        if (role is not null)
            body.Append("\nDECLARE\n    v_role text := pg_catalog.current_setting('role');");
        body.Append("\nBEGIN\n");
        if (role is not null)
            AppendLiteral(body.Append("    PERFORM pg_catalog.set_config('role', "), role).Append(", true);\n");
        foreach (var each in sorted)
            write(body, each);
        if (role is not null)
            body.Append("    PERFORM pg_catalog.set_config('role', v_role, true);\n");
        body.Append("END\n");

        var text = body.ToString();
        return text.Contains("$$", StringComparison.Ordinal) ? $"DO {SqlQuote.Literal(text)};\n" : $"DO $${text}$$;\n";
    }

    private static StringBuilder AppendOptional(StringBuilder target, string? value) =>
        value is null ? target.Append("NULL") : AppendLiteral(target, value);

    private static StringBuilder AppendLiteral(StringBuilder target, string value)
    {
        var written = 0;
        for (int at; (at = value.IndexOf(ForeignTag, written, StringComparison.OrdinalIgnoreCase)) >= 0; written = at + 1)
            SqlQuote.AppendLiteral(target, value[written..(at + 1)]).Append(" OPERATOR(pg_catalog.||) ");
        return SqlQuote.AppendLiteral(target, value[written..]);
    }

    // A comment ends at the end of its line, so the text must not contain anything that a tool may treat as a line break.
    private static string OneLine(string text) => text.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');
}
