using Microsoft.EntityFrameworkCore;

namespace PgDurable.EntityFrameworkCore.Tests;

/// <summary>A context of activities.</summary>
public sealed class BookContext(string connectionString, bool retries = false) : DbContext
{
    public DbSet<Book> Books => Set<Book>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql(connectionString, npgsql =>
    {
        if (retries)
            npgsql.EnableRetryOnFailure();
    });

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Book>(book =>
    {
        book.ToTable("books");
        book.Property(b => b.Id).HasColumnName("id");
        book.Property(b => b.Title).HasColumnName("title");
    });

    public sealed class Book
    {
        public int Id { get; set; }

        public string? Title { get; set; }
    }
}
