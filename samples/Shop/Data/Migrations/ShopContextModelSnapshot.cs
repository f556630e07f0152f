using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Shop.Data.Migrations;

/// <summary>The model after the last migration, as <c>dotnet ef migrations add</c> writes it.</summary>
[DbContext(typeof(ShopContext))]
internal sealed class ShopContextModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder)
    {
        modelBuilder.HasAnnotation("Relational:MaxIdentifierLength", 63);
        modelBuilder.UseIdentityByDefaultColumns();
        modelBuilder.Entity("Shop.Data.Product", product =>
        {
            product.Property<string>("Sku").HasColumnType("text").HasColumnName("sku");
            product.Property<decimal>("Price").HasColumnType("numeric").HasColumnName("price");
            product.Property<int>("Stock").HasColumnType("integer").HasColumnName("stock");
            product.HasKey("Sku");
            product.ToTable("products", table => table.HasCheckConstraint("stock_is_enough", "stock >= 0"));
        });
        modelBuilder.Entity("Shop.Data.Order", order =>
        {
            order.Property<long>("Id").ValueGeneratedOnAdd().HasColumnType("bigint").HasColumnName("id")
                .HasAnnotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
            order.Property<string>("Sku").IsRequired().HasColumnType("text").HasColumnName("sku");
            order.Property<int>("Quantity").HasColumnType("integer").HasColumnName("quantity");
            order.Property<string>("Account").IsRequired().HasColumnType("text").HasColumnName("account");
            order.Property<decimal>("Total").HasColumnType("numeric").HasColumnName("total");
            order.Property<string>("Status").IsRequired().HasColumnType("text").HasColumnName("status");
            order.Property<string>("Reason").HasColumnType("text").HasColumnName("reason");
            order.Property<string>("InstanceId").HasColumnType("text").HasColumnName("instance_id");
            order.HasKey("Id");
            order.HasIndex("Sku");
            order.ToTable("orders");
        });
        modelBuilder.Entity("Shop.Data.Invoice", invoice =>
        {
            invoice.Property<long>("Number").ValueGeneratedOnAdd().HasColumnType("bigint").HasColumnName("number")
                .HasAnnotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
            invoice.Property<long>("OrderId").HasColumnType("bigint").HasColumnName("order_id");
            invoice.Property<decimal>("Amount").HasColumnType("numeric").HasColumnName("amount");
            invoice.Property<string>("Charge").IsRequired().HasColumnType("text").HasColumnName("charge");
            invoice.HasKey("Number");
            invoice.HasIndex("OrderId");
            invoice.ToTable("invoices");
        });
        modelBuilder.Entity("Shop.Data.Order", order => order.HasOne("Shop.Data.Product", null).WithMany().HasForeignKey("Sku")
            .OnDelete(DeleteBehavior.Cascade).IsRequired());
        modelBuilder.Entity("Shop.Data.Invoice", invoice => invoice.HasOne("Shop.Data.Order", null).WithMany().HasForeignKey("OrderId")
            .OnDelete(DeleteBehavior.Cascade).IsRequired());
    }
}
