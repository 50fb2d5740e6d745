using System.Buffers.Text;
using System.Security.Cryptography;
using Dapper;
using Mach.Data;
using Microsoft.AspNetCore.Identity;

namespace Mach.Access.Passkeys;

/// <summary>An account as .NET's passkey handler sees it: a random handle and the names to show.</summary>
/// <param name="Handle">Base64url of 32 random bytes. WebAuthn Level 2 §14.6.1: a user handle tells nothing about the person.</param>
internal sealed record PasskeyUser(string Handle, string Name, string Display);

/// <summary>Passkeys in the tables of this room, for .NET's own passkey handler; it needs no more of Identity than this.</summary>
internal sealed class PasskeyUsers(Db db, TimeProvider clock) : IUserPasskeyStore<PasskeyUser>
{
    /// <summary>The account with its handle, made at the first use.</summary>
    public async Task<PasskeyUser> OfAsync(string account, CancellationToken ct)
    {
        await db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            HandleSql, new { Account = account, Handle = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)) }, transaction, cancellationToken: ct)), ct);
        return await FindAsync(ByNameSql, account, ct) ?? throw new InvalidOperationException("The account is gone");
    }

    public Task<PasskeyUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => FindAsync(ByHandleSql, userId, cancellationToken);

    public Task<PasskeyUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindAsync(ByNameSql, normalizedUserName, cancellationToken);

    public Task<PasskeyUser?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => FindAsync(ByCredentialSql, Base64Url.EncodeToString(credentialId), cancellationToken);

    public Task<string> GetUserIdAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult(user.Handle);

    public Task<string?> GetUserNameAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task<string?> GetNormalizedUserNameAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyUser user, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<PasskeyRow>(new CommandDefinition(PasskeyRow.ListSql, new { Account = user.Name }, cancellationToken: cancellationToken));
        return [.. rows.Select(r => r.ToInfo())];
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyUser user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await GetPasskeysAsync(user, cancellationToken)).FirstOrDefault(p => p.CredentialId.AsSpan().SequenceEqual(credentialId));

    /// <summary>Keeps a new passkey, or the counter and flags of a known one. A credential that another account has is not taken (WebAuthn Level 2 §7.1 step 22).</summary>
    public Task AddOrUpdatePasskeyAsync(PasskeyUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            PasskeyRow.UpsertSql, PasskeyRow.Of(user.Name, passkey, clock.GetUtcNow()), transaction, cancellationToken: cancellationToken)), cancellationToken);

    public Task RemovePasskeyAsync(PasskeyUser user, byte[] credentialId, CancellationToken cancellationToken) =>
        db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            PasskeyRow.RemoveSql, new { Account = user.Name, Credential = Base64Url.EncodeToString(credentialId) }, transaction, cancellationToken: cancellationToken)), cancellationToken);

    // Accounts are made and changed elsewhere; the handler never asks for these.
    public Task SetUserNameAsync(PasskeyUser user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task SetNormalizedUserNameAsync(PasskeyUser user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> CreateAsync(PasskeyUser user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> UpdateAsync(PasskeyUser user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> DeleteAsync(PasskeyUser user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Dispose()
    {
        // The database belongs to the host.
    }

    private async Task<PasskeyUser?> FindAsync(string sql, string key, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(sql, new { Key = key }, cancellationToken: ct));
        return row is null ? null : new(row.Handle, row.Name, row.Display);
    }

    private sealed class UserRow
    {
        public string Handle { get; init; } = "";
        public string Name { get; init; } = "";
        public string Display { get; init; } = "";
    }

    private const string HandleSql = "UPDATE acc_account SET handle = @Handle WHERE name = @Account AND handle IS NULL";
    private const string ByNameSql = "SELECT handle, name, display FROM acc_account WHERE name = @Key AND handle IS NOT NULL AND disabled IS NULL";
    private const string ByHandleSql = "SELECT handle, name, display FROM acc_account WHERE handle = @Key AND disabled IS NULL";
    private const string ByCredentialSql = """
        SELECT a.handle, a.name, a.display FROM acc_passkey p JOIN acc_account a ON a.name = p.account
        WHERE p.credential = @Key AND a.handle IS NOT NULL AND a.disabled IS NULL
        """;
}
