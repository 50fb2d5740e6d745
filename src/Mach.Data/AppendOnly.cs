namespace Mach.Data;

/// <summary>Tables whose rows stay as they were written: the engine itself refuses to change or delete them, whoever asks through this program or beside it.</summary>
internal static class AppendOnly
{
    /// <summary>Statements for a migration, after the table was made: token <c>{appendonly:table}</c>.</summary>
    public static string Triggers(string table, bool sqlite) => sqlite
        ? $"""
            CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END;
            CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'rows of {table} are never deleted'); END;
            """
        : $"""
            CREATE OR REPLACE FUNCTION mach_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $body$ BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $body$;
            CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION mach_append_only();
            CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION mach_append_only();
            """;

    /// <summary>
    /// Statements for a migration: token <c>{noreplace:table.column.column}</c> with the columns of the primary key. SQLite takes the old row away without asking the triggers
    /// of DELETE when a row with its key is put in its place; PostgreSQL has no such statement.
    /// </summary>
    /// <remarks>Source: https://www.sqlite.org/lang_conflict.html (REPLACE), https://www.sqlite.org/lang_createtrigger.html (the rowid is unknown before an insert that does not give it).</remarks>
    public static string KeyTrigger(string tableAndKey, bool sqlite)
    {
        if (!sqlite)
        {
            return "";
        }

        var (table, key) = (tableAndKey.Split('.')[0], tableAndKey.Split('.')[1..]);
        var same = string.Join(" AND ", key.Select(column => $"{column} = NEW.{column}"));
        return $"""
            CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) OR EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)
            BEGIN SELECT RAISE(ABORT, 'rows of {table} are never replaced'); END;
            """;
    }
}
