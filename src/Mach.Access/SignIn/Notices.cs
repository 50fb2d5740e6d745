using Dapper;
using Mach.Access.Tokens;
using Mach.Data;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.SignIn;

/// <summary>Something a person is told about their own account.</summary>
/// <param name="Kind">Of the constants of <see cref="Notices"/>.</param>
public sealed record Notice(string Id, DateTimeOffset At, string Kind, string? Device, string? Address, bool Seen);

/// <summary>Tells people what happened to their accounts: sign-ins from new browsers, guesses, changes of what they sign in with.</summary>
/// <remarks>Source: OWASP ASVS 5.0 V6.3.5, V6.3.7.</remarks>
public sealed class Notices
{
    public const string NewDevice = "new-device";
    public const string Guessing = "guessing";
    public const string PasswordChanged = "password";
    public const string CodesOn = "totp-on";
    public const string CodesOff = "totp-off";
    public const string RecoveryCodes = "codes";
    public const string RecoveryCodeUsed = "code-used";
    public const string PasskeyAdded = "passkey-added";
    public const string PasskeyRemoved = "passkey-removed";
    public const string Reset = "reset";
    public const string PinEnded = "pin-ended";
    public const string ProviderBound = "provider";

    /// <summary>A question about a look at the own record was answered.</summary>
    public const string LookAnswered = "look-answered";

    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly Tickets _tickets;

    internal Notices(Db db, TimeProvider clock, Tickets tickets) => (_db, _clock, _tickets) = (db, clock, tickets);

    /// <summary>Newest first, at most 20.</summary>
    public async Task<IReadOnlyList<Notice>> ListAsync(string account, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(ListSql, new { Account = account }, cancellationToken: ct));
        return [.. rows.Select(r => new Notice(r.Id, Instants.FromUs(r.At), r.Kind, r.Device, r.Address, r.Seen is not null))];
    }

    /// <summary>The owner has read them all.</summary>
    public async Task SeeAsync(string account, CancellationToken ct)
    {
        await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            new CommandDefinition(SeeSql, new { Account = account, Now = _clock.GetUtcNow().ToUs() }, transaction, cancellationToken: ct)), ct);
        _tickets.Forget();
    }

    internal Task AddAsync(HttpContext context, string account, string kind, CancellationToken ct) =>
        AddAsync(account, kind, Devices.Name(context.Request.Headers.UserAgent), context.ClientAddress(), ct);

    internal Task AddAsync(string account, string kind, string? device, string? address, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        return _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            InsertSql, new { Id = Guid.CreateVersion7(now).ToString(), Account = account, Now = now.ToUs(), Kind = kind, Device = device, Address = address }, transaction, cancellationToken: ct)), ct);
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public long At { get; init; }
        public string Kind { get; init; } = "";
        public string? Device { get; init; }
        public string? Address { get; init; }
        public long? Seen { get; init; }
    }

    /// <summary>Parameters Id, Account, Now, Kind, Device, Address.</summary>
    internal const string InsertSql = "INSERT INTO acc_notice(id, account, at, kind, device, address) VALUES (@Id, @Account, @Now, @Kind, @Device, @Address)";
    private const string ListSql = "SELECT id, at, kind, device, address, seen FROM acc_notice WHERE account = @Account ORDER BY at DESC, id DESC LIMIT 20";
    private const string SeeSql = "UPDATE acc_notice SET seen = @Now WHERE account = @Account AND seen IS NULL";
}
