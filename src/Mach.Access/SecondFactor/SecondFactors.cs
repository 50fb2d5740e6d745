using System.Security.Cryptography;
using System.Text;
using Dapper;
using Mach.Access.SignIn;
using Mach.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.SecondFactor;

/// <summary>What a person scans or types to set up an authenticator app.</summary>
/// <param name="Uri">For the picture.</param>
/// <param name="Secret">Base32, in groups of four.</param>
public sealed record Enrolment(string Uri, string Secret);

/// <summary>How an account's second step stands.</summary>
/// <param name="Since">When codes of an app were set up; null = they are not.</param>
/// <param name="CodesLeft">Recovery codes not used yet.</param>
public sealed record SecondFactorState(DateTimeOffset? Since, int CodesLeft);

/// <summary>The second step with an authenticator app, and recovery codes for when it is lost.</summary>
/// <remarks>Source: OWASP ASVS 5.0 V6.5 (one use, secrets, entropy), NIST SP 800-63B-4 §3.1.2 and §3.1.4.</remarks>
public sealed class SecondFactors
{
    /// <summary>How many recovery codes a person gets.</summary>
    public const int CodeCount = 10;

    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly IDataProtector _protector;
    private readonly Notices _notices;
    private readonly Sessions _sessions;

    internal SecondFactors(Db db, TimeProvider clock, IDataProtectionProvider protection, Notices notices, Sessions sessions) =>
        (_db, _clock, _protector, _notices, _sessions) = (db, clock, protection.CreateProtector("mach.totp"), notices, sessions);

    /// <summary>True when sign-in asks this account for a code.</summary>
    public async Task<bool> IsOnAsync(string account, CancellationToken ct) => (await FindAsync(account, ct))?.Confirmed is not null;

    public async Task<SecondFactorState> StateAsync(string account, CancellationToken ct)
    {
        var row = await FindAsync(account, ct);
        await using var connection = await _db.OpenAsync(ct);
        var left = await connection.ExecuteScalarAsync<long>(new CommandDefinition(CodesLeftSql, new { Account = account }, cancellationToken: ct));
        return new(row?.Confirmed is { } at ? Instants.FromUs(at) : null, (int)left);
    }

    /// <summary>Makes a secret that counts once a code of it was given. Starting again throws an unconfirmed one away; a confirmed one stays as it is.</summary>
    public Task BeginAsync(string account, CancellationToken ct)
    {
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        return _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            BeginSql, new { Account = account, Secret = _protector.Protect(secret), Now = _clock.GetUtcNow().ToUs() }, transaction, cancellationToken: ct)), ct);
    }

    /// <summary>What is to be scanned; null when nothing was begun, or it is confirmed already: a secret is not shown twice.</summary>
    public async Task<Enrolment?> PendingAsync(string account, CancellationToken ct)
    {
        if (await FindAsync(account, ct) is not { Confirmed: null } row)
        {
            return null;
        }

        var secret = _protector.Unprotect(row.Secret);
        return new(Totp.Uri(secret, account), string.Join(' ', Totp.Base32(secret).Chunk(4).Select(c => new string(c))));
    }

    /// <summary>Turns the second step on after a code of the new secret was right.</summary>
    /// <returns>The recovery codes, shown this once.</returns>
    /// <exception cref="AccountRuleException">The code is wrong, or nothing was begun.</exception>
    public async Task<IReadOnlyList<string>> ConfirmAsync(HttpContext context, string code, CancellationToken ct)
    {
        var account = context.User.AccountName();
        if (await FindAsync(account, ct) is not { Confirmed: null } row || Totp.Match(_protector.Unprotect(row.Secret), code, _clock.GetUtcNow(), row.LastStep) is not { } step)
        {
            throw new AccountRuleException(WrongCode);
        }

        var codes = NewCodes();
        var changed = await _db.WriteAsync(async (connection, transaction) =>
        {
            var on = await connection.ExecuteAsync(new CommandDefinition(ConfirmSql, new { Account = account, Step = step, Now = _clock.GetUtcNow().ToUs() }, transaction, cancellationToken: ct));
            if (on > 0)
            {
                await connection.ExecuteAsync(new CommandDefinition(DropCodesSql, new { Account = account }, transaction, cancellationToken: ct));
                await connection.ExecuteAsync(new CommandDefinition(AddCodeSql, ToRows(account, codes), transaction, cancellationToken: ct));
            }

            return on;
        }, ct);
        if (changed == 0)
        {
            throw new AccountRuleException(WrongCode);
        }

        await _notices.AddAsync(context, account, Notices.CodesOn, ct);
        await _sessions.StrengthenAsync(context, $"{Methods.Code} {Methods.Several}", ct);
        return codes;
    }

    /// <summary>New recovery codes; the former ones stop working.</summary>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(HttpContext context, CancellationToken ct)
    {
        var account = context.User.AccountName();
        var codes = NewCodes();
        await _db.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(DropCodesSql, new { Account = account }, transaction, cancellationToken: ct));
            return await connection.ExecuteAsync(new CommandDefinition(AddCodeSql, ToRows(account, codes), transaction, cancellationToken: ct));
        }, ct);
        await _notices.AddAsync(context, account, Notices.RecoveryCodes, ct);
        return codes;
    }

    /// <summary>Turns the second step off; its recovery codes go with it.</summary>
    public async Task EndAsync(HttpContext context, CancellationToken ct)
    {
        var account = context.User.AccountName();
        await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            new CommandDefinition(EndSql, new { Account = account }, transaction, cancellationToken: ct)), ct);
        await _notices.AddAsync(context, account, Notices.CodesOff, ct);
    }

    /// <summary>The method of this code (of the app, or a recovery code) when it is right; it is used up by that. Null when it is wrong.</summary>
    internal async Task<string?> UseAsync(HttpContext context, string account, string code, CancellationToken ct)
    {
        if (await FindAsync(account, ct) is not { Confirmed: not null } row)
        {
            return null;
        }

        if (Totp.Match(_protector.Unprotect(row.Secret), code, _clock.GetUtcNow(), row.LastStep) is { } step)
        {
            // Two requests with the same code: the second finds the step used and changes nothing.
            var taken = await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
                new CommandDefinition(StepSql, new { Account = account, Step = step }, transaction, cancellationToken: ct)), ct);
            return taken > 0 ? $"{Methods.Code} {Methods.Several}" : null;
        }

        var used = await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            UseCodeSql, new { Account = account, Sha = HashCode(code), Now = _clock.GetUtcNow().ToUs() }, transaction, cancellationToken: ct)), ct);
        if (used == 0)
        {
            return null;
        }

        await _notices.AddAsync(context, account, Notices.RecoveryCodeUsed, ct);
        return $"{Methods.RecoveryCode} {Methods.Several}";
    }

    /// <summary>24 letters and digits, 120 random bits: enough that a plain hash of it gives nothing away (ASVS 5.0 V6.5.2).</summary>
    private static string[] NewCodes() =>
        [.. Enumerable.Range(0, CodeCount).Select(_ => string.Join('-', Totp.Base32(RandomNumberGenerator.GetBytes(15)).Chunk(6).Select(c => new string(c))))];

    private static byte[] HashCode(string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(new string([.. code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)])));

    private object[] ToRows(string account, string[] codes) =>
        [.. codes.Select(c => new { Account = account, Sha = HashCode(c), Now = _clock.GetUtcNow().ToUs() })];

    private async Task<Row?> FindAsync(string account, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(FindSql, new { Account = account }, cancellationToken: ct));
    }

    private static readonly AccountProblem WrongCode = new("code",
        "Mã không đúng hoặc đã hết hạn; hãy kiểm tra giờ trên điện thoại rồi nhập mã mới.",
        "The code is wrong or out of date; check the clock of the phone and type a new one.");

    private sealed class Row
    {
        public byte[] Secret { get; init; } = [];
        public long? Confirmed { get; init; }
        public long LastStep { get; init; }
    }

    private const string FindSql = "SELECT secret, confirmed, last_step AS LastStep FROM acc_totp WHERE account = @Account";
    private const string BeginSql = """
        INSERT INTO acc_totp(account, secret, made, last_step) VALUES (@Account, @Secret, @Now, 0)
        ON CONFLICT(account) DO UPDATE SET secret = excluded.secret, made = excluded.made WHERE acc_totp.confirmed IS NULL
        """;
    private const string ConfirmSql = "UPDATE acc_totp SET confirmed = @Now, last_step = @Step WHERE account = @Account AND confirmed IS NULL";
    private const string StepSql = "UPDATE acc_totp SET last_step = @Step WHERE account = @Account AND last_step < @Step";
    internal const string EndSql = "DELETE FROM acc_totp WHERE account = @Account; DELETE FROM acc_recovery_code WHERE account = @Account";
    private const string DropCodesSql = "DELETE FROM acc_recovery_code WHERE account = @Account";
    private const string AddCodeSql = "INSERT INTO acc_recovery_code(account, sha, made) VALUES (@Account, @Sha, @Now)";
    private const string UseCodeSql = "UPDATE acc_recovery_code SET used = @Now WHERE account = @Account AND sha = @Sha AND used IS NULL";
    private const string CodesLeftSql = "SELECT COUNT(*) FROM acc_recovery_code WHERE account = @Account AND used IS NULL";
}
