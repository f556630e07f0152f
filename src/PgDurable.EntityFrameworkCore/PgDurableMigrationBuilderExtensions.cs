using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using PgDurable;

namespace Microsoft.EntityFrameworkCore.Migrations;

/// <summary>Registers workflows in migrations.</summary>
public static class PgDurableMigrationBuilderExtensions
{
    /// <summary>
    /// Registers workflows for the role that runs the migration, either all or none of them. Workflows that are already registered don't
    /// change.
    /// </summary>
    /// <param name="migrationBuilder">The migration builder.</param>
    /// <param name="definitions">The workflows' generated <c>Definition</c>s.</param>
    /// <returns>The builder of the SQL operation.</returns>
    /// <exception cref="NotSupportedException">The migration's database isn't PostgreSQL.</exception>
    /// <exception cref="ArgumentException">Two different workflows have the same name and version.</exception>
    public static OperationBuilder<SqlOperation> RegisterWorkflows(
        this MigrationBuilder migrationBuilder, params WorkflowDefinition[] definitions) =>
        migrationBuilder.RegisterWorkflows(definitions, role: null);

    /// <summary>Registers workflows, either all or none of them. Workflows that are already registered don't change.</summary>
    /// <param name="migrationBuilder">The migration builder.</param>
    /// <param name="definitions">The workflows: the generated <c>PgDurableWorkflows.All</c>, or some of them.</param>
    /// <param name="role">
    /// The role that will own the workflows, or null for the role that runs the migration. Only the owner can start the workflows. The role
    /// that runs the migration must be a member of it.
    /// </param>
    /// <returns>The builder of the SQL operation.</returns>
    /// <exception cref="NotSupportedException">The migration's database isn't PostgreSQL.</exception>
    /// <exception cref="ArgumentException">Two different workflows have the same name and version.</exception>
    public static OperationBuilder<SqlOperation> RegisterWorkflows(
        this MigrationBuilder migrationBuilder, IEnumerable<WorkflowDefinition> definitions, string? role = null) =>
        Checked(migrationBuilder).Sql(RegistrationScript.Write(Registrant.Sorted(definitions), role));

    /// <summary>
    /// Removes these workflow versions from the role that runs the migration; the counterpart for <c>Down</c>. Skips versions that aren't
    /// registered. The migration fails if an instance of one of them is still running.
    /// </summary>
    /// <param name="migrationBuilder">The migration builder.</param>
    /// <param name="definitions">The workflows' generated <c>Definition</c>s.</param>
    /// <returns>The builder of the SQL operation.</returns>
    /// <exception cref="NotSupportedException">The migration's database isn't PostgreSQL.</exception>
    public static OperationBuilder<SqlOperation> DropWorkflows(
        this MigrationBuilder migrationBuilder, params WorkflowDefinition[] definitions) =>
        migrationBuilder.DropWorkflows(definitions, role: null);

    /// <summary>
    /// Removes these workflow versions; the counterpart for <c>Down</c>. Skips versions that aren't registered. The migration fails if an
    /// instance of one of them is still running.
    /// </summary>
    /// <param name="migrationBuilder">The migration builder.</param>
    /// <param name="definitions">The workflows.</param>
    /// <param name="role">The role that owns the workflows, or null for the role that runs the migration.</param>
    /// <returns>The builder of the SQL operation.</returns>
    /// <exception cref="NotSupportedException">The migration's database isn't PostgreSQL.</exception>
    public static OperationBuilder<SqlOperation> DropWorkflows(
        this MigrationBuilder migrationBuilder, IEnumerable<WorkflowDefinition> definitions, string? role = null) =>
        Checked(migrationBuilder).Sql(RegistrationScript.WriteDrop(Registrant.Sorted(definitions), role));

    private static MigrationBuilder Checked(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        return migrationBuilder.IsNpgsql()
            ? migrationBuilder
            : throw new NotSupportedException(
                $"Workflows can only be registered in PostgreSQL, but this migration is for {migrationBuilder.ActiveProvider}.");
    }
}
