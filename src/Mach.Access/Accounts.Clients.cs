using Dapper;
using Mach.Access.Programs;
using Mach.Access.SignIn;
using Mach.Access.Tokens;

namespace Mach.Access;

/// <summary>Programs that sign in for themselves (OAuth 2 client credentials, RFC 6749 §4.4).</summary>
public sealed partial class Accounts
{
    private const int MinSecret = 16;

    /// <summary>A secret with 256 random bits, to be shown once.</summary>
    public static string NewSecret() => Tickets.RandomText();

    /// <summary>Makes the client or sets secret and scopes of the one that is there; its tokens end when something changed.</summary>
    /// <param name="id">3–64 letters of a–z, digits, and <c>. _ - @</c>.</param>
    /// <param name="secret">At least 16 characters; take <see cref="NewSecret"/> for real use.</param>
    /// <param name="scopes">At least one of <c>system/Type.cruds</c> (any of its letters), <c>system/Type.read</c>, <c>system/Type.write</c>, <see cref="Scopes.SendDossier"/>, <see cref="Scopes.ReadDossier"/>; Type may be <c>*</c>.</param>
    /// <param name="facility">Code of the facility for which it acts; null = none in particular.</param>
    /// <param name="purpose">One of <see cref="ClientPurposes.All"/>; null = machinery of the house, against which the decisions of people are not held.</param>
    /// <exception cref="AccountRuleException">The id, the secret or a scope is not as it must be.</exception>
    public async Task EnsureClientAsync(string id, string secret, IReadOnlyList<string> scopes, CancellationToken ct, string? facility = null, string? purpose = null)
    {
        Refuse(AccountRules.CheckName(id));
        Refuse(ClientRules.CheckPlace(facility, purpose));
        if (secret.Length < MinSecret || scopes.Count == 0 || !scopes.All(Scopes.IsKnown))
        {
            Refuse(new("client",
                "Khóa bí mật phải có ít nhất 16 ký tự và phạm vi quyền phải hợp lệ.",
                "A client secret has at least 16 characters, and its scopes must be known ones."));
        }

        var there = await FindClientAsync(id, ct);
        if (there is { Disabled: null } && there.Scopes == string.Join(' ', scopes) && there.Facility == facility && there.Purpose == purpose && Passwords.Verify(there.Secret, secret))
        {
            return;
        }

        await _db.WriteAsync(async (connection, transaction) =>
        {
            var row = new { Id = id, Subject = id, Secret = Passwords.Hash(secret), Scopes = string.Join(' ', scopes), Created = _clock.GetUtcNow().ToUs(), Facility = facility, Purpose = purpose };
            await connection.ExecuteAsync(new CommandDefinition(ClientSql, row, transaction, cancellationToken: ct));
            return await connection.ExecuteAsync(new CommandDefinition(Tickets.RevokeClientSql, row, transaction, cancellationToken: ct));
        }, ct);
        _tickets.Forget();
    }

    /// <summary>Closes a client; its tokens end at once.</summary>
    public async Task DisableClientAsync(string id, CancellationToken ct)
    {
        await _db.WriteAsync(async (connection, transaction) =>
        {
            var row = new { Id = id, Subject = id, Disabled = _clock.GetUtcNow().ToUs() };
            await connection.ExecuteAsync(new CommandDefinition(DisableClientSql, row, transaction, cancellationToken: ct));
            return await connection.ExecuteAsync(new CommandDefinition(Tickets.RevokeClientSql, row, transaction, cancellationToken: ct));
        }, ct);
        _tickets.Forget();
    }

    /// <summary>Closes a client as long as it has this secret: for secrets that are public knowledge.</summary>
    /// <returns>False when there is no such client, it is closed already, or it has another secret.</returns>
    public async Task<bool> CloseClientIfSecretAsync(string id, string secret, CancellationToken ct)
    {
        if (await FindClientAsync(id, ct) is not { Disabled: null } client || !Passwords.Verify(client.Secret, secret))
        {
            return false;
        }

        await DisableClientAsync(id, ct);
        return true;
    }

    internal async Task<ClientRow?> FindClientAsync(string id, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ClientRow>(new CommandDefinition(FindClientSql, new { Id = id }, cancellationToken: ct));
    }

    private const string FindClientSql = $"SELECT {ClientRow.Columns} FROM acc_client WHERE id = @Id";
    private const string ClientSql = """
        INSERT INTO acc_client(id, secret, scopes, created, facility, purpose) VALUES (@Id, @Secret, @Scopes, @Created, @Facility, @Purpose)
        ON CONFLICT(id) DO UPDATE SET secret = excluded.secret, scopes = excluded.scopes, facility = excluded.facility, purpose = excluded.purpose, disabled = NULL
        """;
    private const string DisableClientSql = "UPDATE acc_client SET disabled = @Disabled WHERE id = @Id";
}
