using Microsoft.EntityFrameworkCore;

// eng/test-package.sh makes the migration, with dotnet ef.
await using var context = new ShopContext();
await context.Database.MigrateAsync();
Console.WriteLine(string.Join(", ", await context.Database.GetAppliedMigrationsAsync()));

public sealed class ShopContext : DbContext
{
    protected override void OnConfiguring(DbContextOptionsBuilder options) =>
        options.UseNpgsql(Environment.GetEnvironmentVariable("SHOP_CONNECTION") ?? "Host=localhost;Database=shop");
}
