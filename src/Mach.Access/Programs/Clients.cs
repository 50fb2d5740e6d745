using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Access.SignIn;
using Mach.Access.Tokens;
using Mach.Data;

namespace Mach.Access.Programs;

/// <summary>The registered programs.</summary>
public sealed class Clients
{
    /// <summary>How long a replaced secret goes on working.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(7);

    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly Tickets _tickets;

    internal Clients(Db db, TimeProvider clock, Tickets tickets) => (_db, _clock, _tickets) = (db, clock, tickets);

    /// <summary>All, by id.</summary>
    public async Task<IReadOnlyList<Client>> ListAsync(CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<ClientRow>(new CommandDefinition(ListSql, cancellationToken: ct))).Select(r => r.ToClient())];
    }

    /// <summary>Those that are opened from a record.</summary>
    public async Task<IReadOnlyList<Client>> LaunchedAsync(CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<ClientRow>(new CommandDefinition(LaunchedSql, cancellationToken: ct))).Select(r => r.ToClient())];
    }

    public async Task<Client?> FindAsync(string id, CancellationToken ct) => (await RowAsync(id, ct))?.ToClient();

    internal async Task<ClientRow?> RowAsync(string id, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ClientRow>(new CommandDefinition(FindSql, new { Id = id }, cancellationToken: ct));
    }

    /// <summary>Registers a program.</summary>
    /// <returns>The secret, to be shown once; null when it proves itself otherwise.</returns>
    /// <exception cref="AccountRuleException">Something is not as it must be, or the id is taken.</exception>
    public async Task<string?> RegisterAsync(Client client, string by, CancellationToken ct)
    {
        if ((ClientRules.Check(client) ?? ClientRules.CheckAim(client)) is { } problem)
        {
            throw new AccountRuleException(problem);
        }

        var secret = client.Method == ClientMethods.Secret ? Accounts.NewSecret() : null;
        try
        {
            await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
                InsertSql, Row(client, secret is null ? "" : Passwords.Hash(secret), by), transaction, cancellationToken: ct)), ct);
        }
        catch (DbException e) when (Db.IsUniqueViolation(e))
        {
            throw new AccountRuleException(new("name.taken", $"Đã có ứng dụng {client.Id}.", $"There is a program {client.Id} already."));
        }

        return secret;
    }

    /// <summary>Changes what a program may ask for and where people are led back to; its tokens end, since they may say more.</summary>
    /// <exception cref="AccountRuleException">Unknown, something is not as it must be, or a purpose was taken away.</exception>
    public async Task ChangeAsync(Client client, string by, CancellationToken ct)
    {
        // What the operator of the machine made without a purpose stays so until somebody gives it one; nobody takes one away here.
        var isMachinery = await RowAsync(client.Id, ct) is { Purpose: null } row && row.ToClient().ReadsForItself;
        if ((ClientRules.Check(client) ?? (isMachinery ? null : ClientRules.CheckAim(client))) is { } problem)
        {
            throw new AccountRuleException(problem);
        }

        await EndAsync(client.Id, UpdateSql, Row(client, "", by), ct);
    }

    /// <summary>A new secret; the former one works for <see cref="Overlap"/> more, or not at all when somebody else may have it.</summary>
    /// <exception cref="AccountRuleException">Unknown, or it has no secret.</exception>
    public async Task<string> NewSecretAsync(string id, bool stolen, CancellationToken ct)
    {
        if (await RowAsync(id, ct) is not { } row || !row.Uses(ClientMethods.Secret))
        {
            throw new AccountRuleException(new("unknown", $"Ứng dụng {id} không dùng khóa bí mật.", $"The program {id} has no secret."));
        }

        var secret = Accounts.NewSecret();
        var change = new { Id = id, Subject = id, Secret = Passwords.Hash(secret), Until = stolen ? (long?)null : (_clock.GetUtcNow() + Overlap).ToUs() };
        await _db.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(SecretSql, change, transaction, cancellationToken: ct));
            return stolen ? await connection.ExecuteAsync(new CommandDefinition(Tickets.RevokeClientSql, change, transaction, cancellationToken: ct)) : 0;
        }, ct);
        _tickets.Forget();
        return secret;
    }

    /// <summary>Closes or opens a program; closing ends its tokens at once.</summary>
    public Task SetDisabledAsync(string id, bool disabled, CancellationToken ct) =>
        EndAsync(id, DisableSql, new { Id = id, Subject = id, Disabled = disabled ? _clock.GetUtcNow().ToUs() : (long?)null }, ct);

    internal Task UsedAsync(string id, CancellationToken ct) => _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
        new CommandDefinition(UsedSql, new { Id = id, Now = _clock.GetUtcNow().ToUs(), Grain = (_clock.GetUtcNow() - TimeSpan.FromMinutes(1)).ToUs() }, transaction, cancellationToken: ct)), ct);

    private async Task EndAsync(string id, string sql, object row, CancellationToken ct)
    {
        var changed = await _db.WriteAsync(async (connection, transaction) =>
        {
            var count = await connection.ExecuteAsync(new CommandDefinition(sql, row, transaction, cancellationToken: ct));
            await connection.ExecuteAsync(new CommandDefinition(Tickets.RevokeClientSql, new { Subject = id }, transaction, cancellationToken: ct));
            return count;
        }, ct);
        _tickets.Forget();
        if (changed == 0)
        {
            throw new AccountRuleException(new("unknown", $"Không có ứng dụng {id}.", $"There is no program {id}."));
        }
    }

    private object Row(Client client, string secret, string by) => new
    {
        client.Id,
        Secret = secret,
        Scopes = string.Join(' ', client.Scopes),
        Created = _clock.GetUtcNow().ToUs(),
        Name = client.Name.Trim(),
        Operator = client.Operator.Trim(),
        client.Method,
        Redirects = JsonSerializer.Serialize(client.Redirects),
        Launch = client.LaunchAddress,
        client.Keys,
        client.KeysAddress,
        client.Certificate,
        client.Facility,
        client.Purpose,
        Bound = client.IsBound ? 1L : (long?)null,
        By = by,
    };

    private const string ListSql = $"SELECT {ClientRow.Columns} FROM acc_client ORDER BY id";
    private const string LaunchedSql = $"SELECT {ClientRow.Columns} FROM acc_client WHERE launch IS NOT NULL AND disabled IS NULL ORDER BY name, id";
    private const string FindSql = $"SELECT {ClientRow.Columns} FROM acc_client WHERE id = @Id";
    private const string InsertSql = """
        INSERT INTO acc_client(id, secret, scopes, created, name, operator, methods, redirects, launch, keys, keys_address, certificate, facility, purpose, bound, made_by)
        VALUES (@Id, @Secret, @Scopes, @Created, @Name, @Operator, @Method, @Redirects, @Launch, @Keys, @KeysAddress, @Certificate, @Facility, @Purpose, @Bound, @By)
        """;
    private const string UpdateSql = """
        UPDATE acc_client SET scopes = @Scopes, name = @Name, operator = @Operator, redirects = @Redirects, launch = @Launch,
            keys = @Keys, keys_address = @KeysAddress, certificate = @Certificate, facility = @Facility, purpose = @Purpose, bound = @Bound
        WHERE id = @Id AND COALESCE(methods, 'client_secret') = @Method
        """;
    private const string SecretSql = "UPDATE acc_client SET former = CASE WHEN @Until IS NULL THEN NULL ELSE secret END, former_until = @Until, secret = @Secret WHERE id = @Id";
    private const string DisableSql = "UPDATE acc_client SET disabled = @Disabled WHERE id = @Id";
    private const string UsedSql = "UPDATE acc_client SET used = @Now WHERE id = @Id AND (used IS NULL OR used < @Grain)";
}
