using Npgsql;
using PgDurable.TestKit;

namespace PgDurable.Extension.Tests.Schema;

/// <summary>
/// Everything that the extension has created in a database, one line per fact, in an order that doesn't depend on how it got there.
/// </summary>
static class SchemaDescription
{
    // Ignores the order of columns, because an update can only append them, and the build time in df.version().
    private const string Query =
        """
        WITH relations AS (
            SELECT c.*,
                   format('%s %s', CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'i' THEN 'index' ELSE 'table' END,
                          c.oid::regclass) AS name
              FROM pg_class c WHERE c.relnamespace = 'df'::regnamespace
        )
        SELECT format('schema df: %s, %s', n.nspacl, obj_description(n.oid, 'pg_namespace')) FROM pg_namespace n WHERE n.nspname = 'df'
        UNION ALL
        SELECT format('%s: %s, row security %s %s, %s, %s, %s, %s',
                      name, reloptions, relrowsecurity, relforcerowsecurity, relpersistence, relacl,
                      CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) WHEN 'i' THEN pg_get_indexdef(oid) END,
                      obj_description(oid, 'pg_class'))
          FROM relations
        UNION ALL
        SELECT format('%s column %s: %s, not null %s, identity "%s", generated "%s", default %s, %s, %s',
                      r.name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                      pg_get_expr(d.adbin, d.adrelid), a.attacl, col_description(a.attrelid, a.attnum))
          FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE r.relkind IN ('r', 'v')
        UNION ALL
        SELECT format('%s constraint %s: %s, validated %s', r.name, c.conname, pg_get_constraintdef(c.oid), c.convalidated)
          FROM relations r JOIN pg_constraint c ON c.conrelid = r.oid
        UNION ALL
        SELECT format('%s trigger %s: %s, %s', r.name, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled)
          FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
        UNION ALL
        SELECT format('%s policy %s: %s %s to %s, using %s, check %s', r.name, p.polname, p.polcmd, p.polpermissive, p.polroles::regrole[],
                      pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
          FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
        UNION ALL
        SELECT format('function %s: %s, %s, %s',
                      p.oid::regprocedure, regexp_replace(pg_get_functiondef(p.oid), '\(built [^)]*\)', ''), p.proacl,
                      obj_description(p.oid, 'pg_proc'))
          FROM pg_proc p WHERE p.pronamespace = 'df'::regnamespace
        UNION ALL
        SELECT format('member %s', pg_describe_object(d.classid, d.objid, d.objsubid))
          FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
         WHERE e.extname = 'pg_durable'
        UNION ALL
        SELECT format('operator %s: %s, %s', o.oid::regoperator, o.oprcode, obj_description(o.oid, 'pg_operator'))
          FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode WHERE p.pronamespace = 'df'::regnamespace
        UNION ALL
        SELECT format('initial privileges of %s: %s', pg_describe_object(i.classoid, i.objoid, i.objsubid), i.initprivs)
          FROM pg_init_privs i JOIN pg_depend d ON d.classid = i.classoid AND d.objid = i.objoid AND d.refclassid = 'pg_extension'::regclass
          JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'pg_durable'
        UNION ALL
        SELECT format('dumped %s %s', c.oid::regclass, c.condition)
          FROM pg_extension e, unnest(e.extconfig, e.extcondition) c (oid, condition) WHERE e.extname = 'pg_durable'
        ORDER BY 1
        """;

    public static async Task<IReadOnlyList<string>> ReadAsync(PgCluster cluster)
    {
        await using var connection = await cluster.ConnectAsync();
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
