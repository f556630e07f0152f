using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgDurable.Worker.Engine;
using PgDurable.Worker.Store;

namespace PgDurable.Worker.Instances;

/// <summary>Why a claimed instance can't run, and fails without having done anything.</summary>
internal static class Refusals
{
    /// <summary>Why its role or its graph keeps it from running; <c>null</c> if nothing does.</summary>
    public static StepError? Of(ClaimedInstance claim, bool superuserInstances) => claim switch
    {
        { RoleName: null } => new StepError(
            $"Instance {claim.Id}: submitted_by role no longer exists in pg_roles", DurableErrorCodes.RoleNotFound,
            Hint: "Start the workflow again as a role that exists."),
        { Superuser: true } when !superuserInstances => new StepError(
            $"pg_durable blocked instance {claim.Id}: submitted_by role \"{claim.RoleName}\" is a superuser, "
            + "but pg_durable.enable_superuser_instances is off",
            DurableErrorCodes.SuperuserNotAllowed, Hint: "Start it as an ordinary role that was given df.grant_usage()."),
        { GraphId: null } => new StepError(
            $"Instance {claim.Id}: its graph is not one of role \"{claim.RoleName}\"", DurableErrorCodes.InvalidGraph),
        _ => null,
    };

    /// <summary>The worker died too often with the instance in hand.</summary>
    public static StepError TooManyDeaths(int deaths) => new(
        $"The worker died {deaths} times with this instance in its hands.", "08006", Hint: "See the server's log for what it died of.");

    /// <summary>The graph can't be read.</summary>
    public static StepError BadGraph(string problem) =>
        new(
        problem, DurableErrorCodes.InvalidGraph, Hint: "Start graphs with df.start(), which checks them; this one was written past it.");

    /// <summary>The captured variables can't be read.</summary>
    public static StepError BadVariables(ClaimedInstance claim) => new(
        $"Instance {claim.Id}: its variables are not a JSON object whose values are all strings", DurableErrorCodes.InvalidGraph,
        Hint: "Start workflows with df.start(), which captures df.vars; this one was written past it.");

    /// <summary>The captured variables; <c>null</c> if they can't be read.</summary>
    public static ImmutableDictionary<string, string>? Variables(ClaimedInstance claim)
    {
        if (claim.Vars is null)
            return ImmutableDictionary<string, string>.Empty;
        try
        {
            var variables = JsonSerializer.Deserialize(claim.Vars, VariablesJson.Default.ImmutableDictionaryStringString);
            return variables?.ContainsValue(null!) == false ? variables : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Reads captured variables without reflection.</summary>
[JsonSerializable(typeof(ImmutableDictionary<string, string>))]
internal sealed partial class VariablesJson : JsonSerializerContext;
