using Dapper;
using Mach.Access.Tokens;
using Mach.Data;

namespace Mach.Access.Programs;

/// <summary>What a person lets a program do.</summary>
/// <param name="Name">Of the program, as shown.</param>
/// <param name="Families">How many approvals of it are open now.</param>
public sealed record Grant(string Account, string Client, string Name, string Operator, IReadOnlyList<string> Scopes, DateTimeOffset Made, DateTimeOffset Used, long Families);

/// <summary>Who lets which program do what; taken back by the person, or by an administrator with the program.</summary>
public sealed class Grants
{
    private readonly Db _db;
    private readonly Tickets _tickets;

    internal Grants(Db db, Tickets tickets) => (_db, _tickets) = (db, tickets);

    /// <param name="account">Of this person; null = of everybody.</param>
    /// <param name="client">For this program; null = for all.</param>
    public async Task<IReadOnlyList<Grant>> ListAsync(string? account, string? client, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(ListSql, new { Account = account ?? "", Client = client ?? "" }, cancellationToken: ct));
        return [.. rows.Select(r => new Grant(r.Account, r.Client, r.Name ?? r.Client, r.Operator ?? "", Scopes.Split(r.Scopes), Instants.FromUs(r.Made), Instants.FromUs(r.Used), r.Families))];
    }

    /// <summary>Takes it back: the program is asked about again, and its tokens for this person end at once.</summary>
    /// <returns>False when there was nothing.</returns>
    public async Task<bool> WithdrawAsync(string account, string client, CancellationToken ct)
    {
        var count = await _db.WriteAsync(async (connection, transaction) =>
            await connection.ExecuteAsync(new CommandDefinition(WithdrawSql, new { Account = account, Client = client }, transaction, cancellationToken: ct)), ct);
        _tickets.Forget();
        return count > 0;
    }

    private sealed class Row
    {
        public string Account { get; init; } = "";
        public string Client { get; init; } = "";
        public string? Name { get; init; }
        public string? Operator { get; init; }
        public string Scopes { get; init; } = "";
        public long Made { get; init; }
        public long Used { get; init; }
        public long Families { get; init; }
    }

    private const string ListSql = """
        SELECT g.account, g.client, c.name, c.operator, g.scopes, g.made, g.used,
            (SELECT COUNT(*) FROM acc_family f WHERE f.account = g.account AND f.client = g.client) AS Families
        FROM acc_grant g JOIN acc_client c ON c.id = g.client
        WHERE (@Account = '' OR g.account = @Account) AND (@Client = '' OR g.client = @Client) ORDER BY g.used DESC, g.account LIMIT 500
        """;
    private const string WithdrawSql = """
        DELETE FROM acc_token WHERE client = @Client AND subject = @Account;
        DELETE FROM acc_family WHERE client = @Client AND account = @Account;
        DELETE FROM acc_grant WHERE client = @Client AND account = @Account
        """;
}
