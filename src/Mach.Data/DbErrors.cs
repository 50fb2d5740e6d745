using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Mach.Data;

/// <summary>What a driver's exception means.</summary>
internal static class DbErrors
{
    public static bool IsUniqueViolation(Exception e) => e switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_ROWID,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    /// <summary>A text holds what the engine's text cannot: PostgreSQL keeps no NUL character and nothing that is not UTF-8.</summary>
    public static bool IsUnkeepable(Exception e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter };

    public static bool IsUnavailable(Exception e) => e switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED
            or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM or raw.SQLITE_INTERRUPT,
        // 08 connection, 25006 read-only standby, 53 resources (disk, memory, connections), 55 not in the state that is needed (a database that takes no connections), 57 operator intervention, 58 system error, XX internal.
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction
            || postgres.SqlState.Length == 5 && postgres.SqlState[..2] is "08" or "53" or "55" or "57" or "58" or "XX",
        NpgsqlException => true,
        ObjectDisposedException or SocketException or IOException or TimeoutException => true,
        // Npgsql: a broken or closed connection used again.
        InvalidOperationException { Source: "Npgsql" } => true,
        DbException { IsTransient: true } => true,
        _ => false,
    };
}
