namespace PgDurable.Worker.Steps.Http;

/// <summary>What an attempt at a request may do and needs to know, asked anew for each.</summary>
/// <param name="Policy">What is allowed at this moment.</param>
/// <param name="LookUp">Reads servers, with what their user mappings have for the submitting role. Not called for a request that needs none.</param>
internal sealed record HttpAttempt(HttpPolicy Policy, Func<string[], CancellationToken, Task<EndpointCatalog>> LookUp);
