using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PgDurable.Worker.Engine.Substitution;

namespace PgDurable.Worker.Store;

/// <summary>
/// The users' statements that a connection has prepared: those that came again and again. Each belongs to one role, because a plan may hold what only that role
/// could compute; the C module keeps steps from reading <c>pg_prepared_statements</c>.
/// </summary>
/// <param name="connection">The session.</param>
/// <param name="keeps">
/// Whether the session notices everything that changes what a statement means, as it does with the C module. Otherwise each statement is read anew, as in psql.
/// </param>
internal sealed class PreparedSteps(NpgsqlConnection connection, bool keeps)
{
    private const int Capacity = 64;
    private const int UsesBefore = 5;
    private const int MostCounted = 1000;

    private readonly Dictionary<string, int> _uses = [];
    private readonly HashSet<string> _refused = [];
    private readonly Dictionary<string, NpgsqlCommand> _prepared = [];
    private readonly Queue<string> _order = new();

    /// <summary>Makes the command run the statement, with parameters where that is possible.</summary>
    /// <returns>The text to <see cref="PrepareAsync"/> when it succeeds; null when there is nothing to prepare.</returns>
    public string? Fill(NpgsqlBatchCommand command, StepStatement step)
    {
        if (step.Parameterized is not { } parameterized || TextOf(step.Role, parameterized) is var text && _refused.Contains(text))
        {
            // An empty statement is one that does nothing; Npgsql takes it for a mistake.
            command.CommandText = string.IsNullOrWhiteSpace(step.Sql) ? "--" : step.Sql;
            return null;
        }
        command.CommandText = text;
        foreach (var value in parameterized.Values) command.Parameters.Add(Parameter(value));
        return keeps ? text : null;
    }

    /// <summary>Prepares the statement that has just run, in its transaction and as its role, when it has run often enough.</summary>
    public async Task PrepareAsync(string text, int parameters)
    {
        if (_prepared.ContainsKey(text)) return;
        if (_uses.Count == MostCounted) _uses.Clear();
        if ((_uses[text] = _uses.GetValueOrDefault(text) + 1) < UsesBefore) return;

        _uses.Remove(text);
        if (_prepared.Count == Capacity && _prepared.Remove(_order.Dequeue(), out var oldest)) await oldest.UnprepareAsync();
        var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0, AllResultTypesAreUnknown = true };
        for (var i = 0; i < parameters; i++) command.Parameters.Add(Parameter("")); // it keeps them, so not this step's values
        await command.PrepareAsync();
        _prepared[text] = command;
        _order.Enqueue(text);
    }

    /// <summary>
    /// Whether the form with parameters may be what is wrong with a statement that failed: there are places where only a literal may stand, and a kept plan does not fit
    /// a table that was changed. From now on the statement is run with literals.
    /// </summary>
    public bool Refuse(StepStatement step, PostgresException error)
    {
        if (step.Parameterized is not { } parameterized) return false;
        if (!error.SqlState.StartsWith("42", StringComparison.Ordinal) && error.SqlState != PostgresErrorCodes.FeatureNotSupported
            && error.Where?.Contains("parameter $", StringComparison.Ordinal) != true)
            return false;
        if (_refused.Count == MostCounted) _refused.Clear();
        return _refused.Add(TextOf(step.Role, parameterized));
    }

    // The server infers the type, from a cast in the text or from what stands around it, as it does with a literal.
    private static NpgsqlParameter Parameter(string value) => new() { NpgsqlDbType = NpgsqlDbType.Unknown, Value = value };

    private static string TextOf(uint role, ParameterizedSql statement) =>
        string.Create(CultureInfo.InvariantCulture, $"{statement.Text}\n-- role {role}");
}
