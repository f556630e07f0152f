using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using Shop.Orders;

namespace Shop.Data.Migrations;

/// <summary>The tables, what the shop sells, and the workflow.</summary>
[DbContext(typeof(ShopContext))]
[Migration("20260301000000_CreateShop")]
public sealed class CreateShop : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "products",
            table => new
            {
                sku = table.Column<string>("text"),
                price = table.Column<decimal>("numeric"),
                stock = table.Column<int>("integer"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_products", each => each.sku);
                table.CheckConstraint("stock_is_enough", "stock >= 0");
            });
        migrationBuilder.CreateTable(
            "orders",
            table => new
            {
                id = table.Column<long>("bigint")
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                sku = table.Column<string>("text"),
                quantity = table.Column<int>("integer"),
                account = table.Column<string>("text"),
                total = table.Column<decimal>("numeric"),
                status = table.Column<string>("text"),
                reason = table.Column<string>("text", nullable: true),
                instance_id = table.Column<string>("text", nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_orders", each => each.id);
                table.ForeignKey("FK_orders_products_sku", each => each.sku, "products", "sku", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateTable(
            "invoices",
            table => new
            {
                number = table.Column<long>("bigint")
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                order_id = table.Column<long>("bigint"),
                amount = table.Column<decimal>("numeric"),
                charge = table.Column<string>("text"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_invoices", each => each.number);
                table.ForeignKey("FK_invoices_orders_order_id", each => each.order_id, "orders", "id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateIndex("IX_orders_sku", "orders", "sku");
        migrationBuilder.CreateIndex("IX_invoices_order_id", "invoices", "order_id");
        migrationBuilder.InsertData(
            "products", ["sku", "price", "stock"], ["text", "numeric", "integer"],
            new object[,] { { "book", 20m, 100 }, { "sofa", 1200m, 5 } });
        migrationBuilder.RegisterWorkflows(FulfilOrder.Definition);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropWorkflows(FulfilOrder.Definition);
        migrationBuilder.DropTable("invoices");
        migrationBuilder.DropTable("orders");
        migrationBuilder.DropTable("products");
    }
}
