using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store.Sessions;

/// <summary>
/// The users' statements that a connection has prepared, because they came again and again. Each belongs to one role, because a plan may
/// hold what only that role could compute. The C module keeps steps from reading <c>pg_prepared_statements</c>.
/// </summary>
/// <param name="connection">The session.</param>
/// <param name="keeps">
/// Whether the session notices everything that changes what a statement means, as it does with the C module. Otherwise each statement is
/// parsed anew, as in psql.
/// </param>
internal sealed class PreparedSteps(NpgsqlConnection connection, bool keeps)
{
    private const int Capacity = 64;
    private const int UsesBefore = 5;
    private const int MostCounted = 1000;

    private readonly Dictionary<string, int> _uses = [];
    private readonly Dictionary<string, int> _forms = [];
    private readonly Dictionary<string, NpgsqlCommand> _prepared = [];
    private readonly Queue<string> _order = new();

    /// <summary>Fills the command with the statement, in the form that it asks for or that is known to work.</summary>
    /// <returns>The text to pass to <see cref="PrepareAsync"/> after success; <c>null</c> if there is nothing to prepare.</returns>
    public string? Fill(NpgsqlBatchCommand command, StepStatement step)
    {
        var (sql, hasParameters) = StatementForms.Find(step.Sql, FormOf(step)) ?? (step.Sql, false);
        if (!hasParameters)
        {
            // An empty statement does nothing, but Npgsql takes it for a mistake.
            command.CommandText = string.IsNullOrWhiteSpace(sql.Text) ? "--" : sql.Text;
            return null;
        }
        command.CommandText = TextOf(step.Role, sql.Parameterized!);
        foreach (var value in sql.Parameterized!.Values)
            command.Parameters.Add(Parameter(value));
        return keeps ? command.CommandText : null;
    }

    /// <summary>The form in which the statement runs.</summary>
    private int FormOf(StepStatement step) =>
        step.Form ?? (_forms.Count > 0 && step.Sql.Parameterized is { } parameterized
            ? _forms.GetValueOrDefault(TextOf(step.Role, parameterized)) : 0);

    /// <summary>The statement has run: from now on it runs in this form first.</summary>
    public void Remember(StepStatement step)
    {
        if (step is not { Form: > 0 and { } form, Sql.Parameterized: { } parameterized })
            return;
        if (_forms.Count == MostCounted)
            _forms.Clear();
        _forms[TextOf(step.Role, parameterized)] = form;
    }

    /// <summary>Prepares the statement that has just run, in its transaction and as its role, if it has run often enough.</summary>
    public async Task PrepareAsync(string text, int parameters)
    {
        if (_prepared.ContainsKey(text))
            return;
        if (_uses.Count == MostCounted)
            _uses.Clear();
        if ((_uses[text] = _uses.GetValueOrDefault(text) + 1) < UsesBefore)
            return;

        _uses.Remove(text);
        if (_prepared.Count == Capacity && _prepared.Remove(_order.Dequeue(), out var oldest))
            await oldest.UnprepareAsync();
        var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0, AllResultTypesAreUnknown = true };
        for (var i = 0; i < parameters; i++)
            command.Parameters.Add(Parameter("")); // the command is kept, so it must not keep this step's values
        await command.PrepareAsync();
        _prepared[text] = command;
        _order.Enqueue(text);
    }

    /// <summary>The form to try next, if the form may be the reason that a statement failed; <c>null</c> if there is none.</summary>
    public int? NextForm(StepStatement step, PostgresException error)
    {
        var form = FormOf(step);
        var hasParameters = StatementForms.Find(step.Sql, form)?.HasParameters == true;
        var mayBeTypes = StatementForms.MayBeTypes(error) || step.Sql.HasValuesInBodies && StatementForms.MayBeTypesInBody(error);
        if (!mayBeTypes && !(hasParameters && StatementForms.MayBeParameters(error)))
            return null;
        // The known form was right for earlier values or tables, and may be wrong now.
        if (step is { Form: null, Sql.Parameterized: { } parameterized } && form > 0)
        {
            _forms.Remove(TextOf(step.Role, parameterized));
            return 0;
        }
        return StatementForms.Find(step.Sql, form + 1) is not null ? form + 1 : null;
    }

    // The server infers the type from a cast or from the context, as it does for a literal.
    private static NpgsqlParameter Parameter(string value) => new() { NpgsqlDbType = NpgsqlDbType.Unknown, Value = value };

    private static string TextOf(uint role, ParameterizedSql statement) =>
        string.Create(CultureInfo.InvariantCulture, $"{statement.Text}\n-- role {role}");
}
