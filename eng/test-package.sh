#!/usr/bin/env bash
# Packs PgDurable.Sdk and uses it as its users do: a new console project outside the repository, with a workflow of its own, against a private PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d /tmp/pgdurable-package-XXXXXX)
chmod 755 "$dir"
trap 'eng/cluster.sh destroy "$dir/cluster" 2>/dev/null || true; rm -rf "$dir"' EXIT

dotnet pack src/PgDurable.Sdk -c Release -v quiet --nologo -o "$dir/feed" -p:Version=0.9.0-test
eval "$(eng/cluster.sh up "$dir/cluster")"
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = warning;
CREATE EXTENSION pg_durable;
CREATE ROLE app LOGIN;
SELECT df.grant_usage('app') \g /dev/null
CREATE TABLE orders (order_id bigint PRIMARY KEY, total numeric NOT NULL, note text);
INSERT INTO orders VALUES (1, 99.5, NULL);
ALTER TABLE orders OWNER TO app;
SQL

mkdir "$dir/app"
cat >"$dir/app/app.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <IsAotCompatible>true</IsAotCompatible>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="PgDurable.Sdk" Version="0.9.0-test" />
  </ItemGroup>
</Project>
XML
cat >"$dir/app/Program.cs" <<'CS'
using Npgsql;
using PgDurable;

await using var dataSource = NpgsqlDataSource.Create(args[0]);
var durable = new DurableClient(dataSource);
var run = await CloseOrder.StartAsync(durable, new(OrderId: 1), new() { IdempotencyKey = "order-1" });
await CloseOrder.SignalApprovalAsync(durable, run.InstanceId, new(Approved: true, By: "jane"));
CloseOrder.Closed closed = await run.ResultAsync(TimeSpan.FromMinutes(1));
Console.WriteLine($"order {closed.OrderId}: {closed.Note}; {PgDurableWorkflows.All.Count} workflow");

[Workflow("close-order")]
public sealed partial class CloseOrder : IWorkflow<CloseOrder.Input, CloseOrder.Closed>
{
    public sealed record Input(long OrderId);
    public sealed record Order(decimal Total, string? Note);
    public sealed record Approval(bool Approved, string By);
    public sealed record Closed(long OrderId, string Note);

    public static Flow<Closed> Define(Flow flow, Input input) => flow
        .QuerySingle<Order>($"SELECT total, note FROM orders WHERE order_id = {input.OrderId}", out var order)
        .WaitForSignal<Approval>("approval", TimeSpan.FromHours(24), out var approval)
        .If(!approval.TimedOut && approval.Data.Approved && order.Total < 100,
            then: f => f.QuerySingle<Closed>($"""
                UPDATE orders SET note = coalesce({order.Note}, 'closed at ' || {order.Total} || ' by ' || {approval.Data.By})
                 WHERE order_id = {input.OrderId} RETURNING order_id, note
                """),
            otherwise: f => f.Fail<Closed>($"order {input.OrderId} was not approved"));
}
CS
# The folder's own package cache, so that the test package never meets an older one of the same version.
export NUGET_PACKAGES="$dir/packages"
(cd "$dir/app" && dotnet restore -v quiet -p:RestoreAdditionalProjectSources="$dir/feed" && dotnet build --no-restore -v quiet --nologo)
output=$(dotnet "$dir/app/bin/Debug/net10.0/app.dll" "Host=$PGHOST;Port=$PGPORT;Database=$PGDATABASE;Username=app")
echo "$output"
[ "$output" = 'order 1: closed at 99.5 by jane; 1 workflow' ]

# A lock file beside the project is compared with the workflow, and the message has the line that it lacks.
echo '{"workflows": {}}' >"$dir/app/workflows.lock.json"
locked=$(cd "$dir/app" && dotnet build --no-restore -v quiet --nologo || true)
entry=$(grep -m 1 -o '"close-order": { "1": "[0-9a-f]*" }' <<<"$locked") || { echo "$locked"; exit 1; }
echo "{\"workflows\": {$entry}}" >"$dir/app/workflows.lock.json"
(cd "$dir/app" && dotnet build --no-restore -v quiet --nologo)
