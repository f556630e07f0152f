using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PgDurable.EntityFrameworkCore.Tests;

/// <summary>An application's context.</summary>
public sealed class ShopContext(string connectionString) : DbContext
{
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql(connectionString);
}

[DbContext(typeof(ShopContext))]
[Migration("20260101000000_CloseOrders")]
public sealed class CloseOrders : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "orders", table => new { order_id = table.Column<long>(), status = table.Column<string>(nullable: true) });
        migrationBuilder.RegisterWorkflows(CloseOrder.Definition);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropWorkflows(CloseOrder.Definition);
        migrationBuilder.DropTable("orders");
    }
}

[DbContext(typeof(ShopContext))]
[Migration("20260202000000_CountOrders")]
public sealed class CountOrdersToo : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.RegisterWorkflows([CloseOrder.Definition, CountOrders.Definition], role: "app");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropWorkflows([CloseOrder.Definition, CountOrders.Definition], role: "app");
}
