global using System;
global using System.Collections.Generic;
global using System.IO;
global using System.Linq;
global using System.Threading;
global using System.Threading.Tasks;
global using Microsoft.AspNetCore.Builder;
global using Microsoft.AspNetCore.Http;
global using Microsoft.EntityFrameworkCore;
global using Microsoft.EntityFrameworkCore.Migrations;
global using Microsoft.Extensions.DependencyInjection;
global using Microsoft.Extensions.Hosting;
global using Npgsql;
global using OpenTelemetry.Metrics;
global using OpenTelemetry.Trace;
global using PgDurable;
global using PgDurable.Testing;
global using Xunit;

/// <summary>What statements on any page take for granted.</summary>
public abstract partial class Prelude
{
    protected readonly string[] args = [];
    protected readonly WebApplicationBuilder builder = null!;
    protected readonly WebApplication app = null!;
    protected readonly IHostEnvironment environment = null!;
    protected readonly string connectionString = null!;
    protected readonly NpgsqlConnection connection = null!;
    protected readonly NpgsqlTransaction transaction = null!;
    protected readonly DurableClient durable = null!;
    protected readonly CancellationToken ct;
}
