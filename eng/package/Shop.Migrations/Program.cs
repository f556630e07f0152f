using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Shop;

await using var context = new ShopContext(args[0]);
await context.Database.MigrateAsync();
Console.WriteLine(string.Join(", ", await context.Database.GetAppliedMigrationsAsync()));

public sealed class ShopContext(string connectionString) : DbContext
{
    protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseNpgsql(connectionString);
}

[DbContext(typeof(ShopContext))]
[Migration("1_CloseOrders")]
public sealed class CloseOrders : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.RegisterWorkflows(CloseOrder.Definition);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropWorkflows(CloseOrder.Definition);
}
