using Microsoft.EntityFrameworkCore;

namespace Shop.Data;

/// <summary>The shop's tables.</summary>
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Product> Products => Set<Product>();

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<Invoice> Invoices => Set<Invoice>();

    // The workflow's SQL uses the tables too, so they have names that need no quotes.
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Product>(product =>
        {
            product.ToTable("products", table => table.HasCheckConstraint("stock_is_enough", "stock >= 0"));
            product.HasKey(each => each.Sku);
            product.Property(each => each.Sku).HasColumnName("sku");
            product.Property(each => each.Price).HasColumnName("price");
            product.Property(each => each.Stock).HasColumnName("stock");
        });
        modelBuilder.Entity<Order>(order =>
        {
            order.ToTable("orders");
            order.Property(each => each.Id).HasColumnName("id");
            order.Property(each => each.Sku).HasColumnName("sku");
            order.Property(each => each.Quantity).HasColumnName("quantity");
            order.Property(each => each.Account).HasColumnName("account");
            order.Property(each => each.Total).HasColumnName("total");
            order.Property(each => each.Status).HasColumnName("status");
            order.Property(each => each.Reason).HasColumnName("reason");
            order.Property(each => each.InstanceId).HasColumnName("instance_id");
            order.HasOne<Product>().WithMany().HasForeignKey(each => each.Sku);
        });
        modelBuilder.Entity<Invoice>(invoice =>
        {
            invoice.ToTable("invoices");
            invoice.HasKey(each => each.Number);
            invoice.Property(each => each.Number).HasColumnName("number");
            invoice.Property(each => each.OrderId).HasColumnName("order_id");
            invoice.Property(each => each.Amount).HasColumnName("amount");
            invoice.Property(each => each.Charge).HasColumnName("charge");
            invoice.HasOne<Order>().WithMany().HasForeignKey(each => each.OrderId);
        });
    }
}
