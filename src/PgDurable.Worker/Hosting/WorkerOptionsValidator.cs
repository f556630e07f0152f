using Microsoft.Extensions.Options;

namespace PgDurable.Worker.Hosting;

/// <summary>Checks the annotations of <see cref="WorkerOptions"/>; generated, so that it needs no reflection.</summary>
[OptionsValidator]
internal sealed partial class WorkerOptionsValidator : IValidateOptions<WorkerOptions>;
