using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.Server.Hosting;

/// <summary>Small facts the hub keeps about itself across restarts, by name, as JSON (table srv_state).</summary>
internal sealed class ServerMemory(Db db)
{
    public async Task<T?> RecallAsync<T>(string name, CancellationToken ct) where T : class
    {
        await using var connection = await db.OpenAsync(ct);
        var value = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(Select, new { name }, cancellationToken: ct));
        return value is null ? null : JsonSerializer.Deserialize<T>(value);
    }

    public Task RememberAsync<T>(string name, T fact, CancellationToken ct) where T : class =>
        db.WriteAsync(async (connection, transaction) =>
            await connection.ExecuteAsync(new CommandDefinition(Upsert, new { name, value = JsonSerializer.Serialize(fact) }, transaction, cancellationToken: ct)), ct);

    private const string Select = "SELECT value FROM srv_state WHERE name = @name";

    private const string Upsert = """
        INSERT INTO srv_state(name, value) VALUES (@name, @value)
        ON CONFLICT(name) DO UPDATE SET value = excluded.value
        """;
}
