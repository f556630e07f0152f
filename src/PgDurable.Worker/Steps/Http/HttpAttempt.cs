namespace PgDurable.Worker.Steps.Http;

/// <summary>What an attempt at a request may do and needs to know. Each attempt asks again.</summary>
/// <param name="Policy">What is allowed at this moment.</param>
/// <param name="LookUp">Reads servers, with the submitting role's user mappings. Not called for a request that needs none.</param>
internal sealed record HttpAttempt(HttpPolicy Policy, Func<string[], CancellationToken, Task<EndpointCatalog>> LookUp);
