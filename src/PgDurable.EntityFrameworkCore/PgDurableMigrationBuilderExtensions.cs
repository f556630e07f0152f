using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using PgDurable;

namespace Microsoft.EntityFrameworkCore.Migrations;

/// <summary>Registers durable workflows in migrations.</summary>
public static class PgDurableMigrationBuilderExtensions
{
    /// <summary>Registers workflows for the role that migrates, all or none. What is registered already is left as it is.</summary>
    /// <param name="migrationBuilder">The migration.</param>
    /// <param name="definitions">The workflows' generated <c>Definition</c>s.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="NotSupportedException">The database is not PostgreSQL.</exception>
    /// <exception cref="ArgumentException">There are two different workflows of the same name and version.</exception>
    public static OperationBuilder<SqlOperation> RegisterWorkflows(
        this MigrationBuilder migrationBuilder, params WorkflowDefinition[] definitions) =>
        migrationBuilder.RegisterWorkflows(definitions, role: null);

    /// <summary>Registers workflows, all or none. What is registered already is left as it is.</summary>
    /// <param name="migrationBuilder">The migration.</param>
    /// <param name="definitions">The workflows: the generated <c>PgDurableWorkflows.All</c>, or some of them.</param>
    /// <param name="role">
    /// The role that they are to belong to, which alone can start them; the role that migrates must be a member of it. Null for the role that migrates.
    /// </param>
    /// <returns>The operation.</returns>
    /// <exception cref="NotSupportedException">The database is not PostgreSQL.</exception>
    /// <exception cref="ArgumentException">There are two different workflows of the same name and version.</exception>
    public static OperationBuilder<SqlOperation> RegisterWorkflows(
        this MigrationBuilder migrationBuilder, IEnumerable<WorkflowDefinition> definitions, string? role = null) =>
        Checked(migrationBuilder).Sql(RegistrationScript.Write(Registrant.Sorted(definitions), role));

    /// <summary>
    /// The counterpart for <c>Down</c>: removes these versions of workflows that belong to the role that migrates. Those that are not registered are passed over;
    /// it fails while instances run one of them.
    /// </summary>
    /// <param name="migrationBuilder">The migration.</param>
    /// <param name="definitions">The workflows' generated <c>Definition</c>s.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="NotSupportedException">The database is not PostgreSQL.</exception>
    public static OperationBuilder<SqlOperation> DropWorkflows(
        this MigrationBuilder migrationBuilder, params WorkflowDefinition[] definitions) =>
        migrationBuilder.DropWorkflows(definitions, role: null);

    /// <summary>
    /// The counterpart for <c>Down</c>: removes these versions of workflows. Those that are not registered are passed over; it fails while instances run one of
    /// them.
    /// </summary>
    /// <param name="migrationBuilder">The migration.</param>
    /// <param name="definitions">The workflows.</param>
    /// <param name="role">The role that they belong to; null for the role that migrates.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="NotSupportedException">The database is not PostgreSQL.</exception>
    public static OperationBuilder<SqlOperation> DropWorkflows(
        this MigrationBuilder migrationBuilder, IEnumerable<WorkflowDefinition> definitions, string? role = null) =>
        Checked(migrationBuilder).Sql(RegistrationScript.WriteDrop(Registrant.Sorted(definitions), role));

    private static MigrationBuilder Checked(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        return migrationBuilder.IsNpgsql()
            ? migrationBuilder
            : throw new NotSupportedException($"Workflows live in PostgreSQL; this migration is for {migrationBuilder.ActiveProvider}.");
    }
}
