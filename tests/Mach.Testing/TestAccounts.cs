using System.Collections.Concurrent;
using Dapper;
using Mach.Access;
using Mach.Data;

namespace Mach.Testing;

/// <summary>Accounts that many tests begin with. A password is hashed once in a process: doing so is slow on purpose, and what it gives is the same for all.</summary>
public static class TestAccounts
{
    private const string ReadSql = "SELECT name, display, password, password_md5 AS PasswordMd5, roles, facility, created FROM acc_account WHERE name = @name";

    private const string InsertSql = """
        INSERT INTO acc_account(name, display, password, password_md5, roles, facility, created)
        VALUES (@Name, @Display, @Password, @PasswordMd5, @Roles, @Facility, @Created)
        """;

    private static readonly ConcurrentDictionary<string, Row> Known = new(StringComparer.Ordinal);

    /// <summary>Makes an account in a fresh database, as <see cref="Accounts.EnsureAsync"/> would.</summary>
    public static async Task MakeAsync(Db db, Accounts accounts, NewAccount account)
    {
        var key = string.Join('\n', account.Name, account.DisplayName, account.Password, string.Join(' ', account.Roles), account.Facility);
        if (Known.TryGetValue(key, out var row))
        {
            await db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(InsertSql, row, transaction), default);
            return;
        }

        await accounts.EnsureAsync(account, default);
        await using var reading = await db.OpenAsync(default);
        Known[key] = await reading.QuerySingleAsync<Row>(ReadSql, new { name = account.Name });
    }

    private sealed class Row
    {
        public string Name { get; init; } = "";
        public string Display { get; init; } = "";
        public string Password { get; init; } = "";
        public string? PasswordMd5 { get; init; }
        public string Roles { get; init; } = "";
        public string? Facility { get; init; }
        public long Created { get; init; }
    }
}
