using System.Security.Cryptography;
using System.Text;
using Dapper;
using Mach.Access.SecondFactor;
using Mach.Access.SignIn;
using Mach.Access.Tokens;
using Mach.Data;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Recovery;

/// <summary>A reset that waits for its second administrator or for the person.</summary>
/// <param name="Confirmed">True once the second administrator agreed: the code works until <paramref name="Expires"/>.</param>
public sealed record ResetCase(string Id, string Account, string Reason, string ProposedBy, DateTimeOffset Proposed, string? DecidedBy, bool Confirmed, DateTimeOffset Expires);

/// <summary>
/// Recovery by two administrators: one proposes and gets the first half of a code, another confirms and gets the second. Each gives
/// their half to the person, face to face; both together set a new password once and take every other way of signing in away.
/// Neither administrator can sign in as the person alone.
/// </summary>
/// <remarks>Source: OWASP ASVS 5.0 V6.4.3 to V6.4.6.</remarks>
public sealed class ResetCases
{
    /// <summary>How long a proposal waits, and then how long the code works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly Accounts _accounts;
    private readonly Notices _notices;
    private readonly AccessLog _log;
    private readonly Throttle _throttle;
    private readonly Tickets _tickets;

    internal ResetCases(Db db, TimeProvider clock, Accounts accounts, Notices notices, AccessLog log, Throttle throttle, Tickets tickets) =>
        (_db, _clock, _accounts, _notices, _log, _throttle, _tickets) = (db, clock, accounts, notices, log, throttle, tickets);

    /// <summary>Those that still wait, oldest first.</summary>
    public async Task<IReadOnlyList<ResetCase>> ListAsync(CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(OpenSql, new { Now = Now }, cancellationToken: ct));
        return [.. rows.Select(r => new ResetCase(r.Id, r.Account, r.Reason, r.ProposedBy, Instants.FromUs(r.Proposed), r.DecidedBy, r.Outcome == "confirmed", Instants.FromUs(r.Expires)))];
    }

    /// <summary>Proposes a reset.</summary>
    /// <returns>The first half of the code, shown this once.</returns>
    /// <exception cref="AccountRuleException">Unknown account, one's own, no reason, or a reset of it waits already.</exception>
    public async Task<string> ProposeAsync(HttpContext context, string account, string reason, CancellationToken ct)
    {
        var by = context.User.AccountName();
        var found = await _accounts.FindAsync(account, ct);
        Refuse(found is null ? new("unknown", $"Không có tài khoản {account}.", $"There is no account {account}.")
            : found.Name == by ? new("reset.self", "Không tự đề nghị đặt lại cho chính mình; hãy nhờ hai quản trị viên khác.", "Nobody proposes a reset of their own account; ask two other administrators.")
            : reason.Trim().Length is < 5 or > 500 ? new("reset.reason", "Hãy ghi lý do, từ 5 đến 500 ký tự.", "Give a reason of 5 to 500 characters.")
            : (await ListAsync(ct)).Any(c => c.Account == found.Name) ? new("reset.open", "Tài khoản này đã có một đề nghị đang chờ.", "A reset of this account waits already.")
            : null);
        var half = NewHalf();
        await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(InsertSql, new
        {
            Id = Guid.CreateVersion7(_clock.GetUtcNow()).ToString(),
            Account = found!.Name,
            Reason = reason.Trim(),
            By = by,
            Now,
            Sha = Hash(half),
            Expires = (_clock.GetUtcNow() + Lifetime).ToUs(),
        }, transaction, cancellationToken: ct)), ct);
        await _log.RecordAsync(new AccessEvent(by, "reset-propose", AccessOutcome.Ok, Address: context.ClientAddress(), Detail: found!.Name), ct);
        return half;
    }

    /// <summary>A second administrator agrees.</summary>
    /// <returns>The second half of the code, shown this once.</returns>
    /// <exception cref="AccountRuleException">It waits no longer, or it is one's own proposal or account.</exception>
    public async Task<string> ConfirmAsync(HttpContext context, string id, CancellationToken ct)
    {
        var by = context.User.AccountName();
        var row = await FindAsync(id, ct);
        Refuse(row is null || row.Outcome is not null || row.Expires <= Now ? Gone
            : row.ProposedBy == by || row.Account == by ? new("reset.two", "Cần một quản trị viên khác xác nhận, không phải người đề nghị hay chủ tài khoản.", "Another administrator has to confirm: not who proposed, nor the account's owner.")
            : null);
        var half = NewHalf();
        var changed = await DecideAsync(id, by, "confirmed", Both(row!.CodeSha!, Hash(half)), (_clock.GetUtcNow() + Lifetime).ToUs(), ct);
        Refuse(changed ? null : Gone);
        await _log.RecordAsync(new AccessEvent(by, "reset-confirm", AccessOutcome.Ok, Address: context.ClientAddress(), Detail: row.Account), ct);
        await _notices.AddAsync(row.Account, Notices.Reset, null, null, ct);
        return half;
    }

    /// <summary>An administrator turns a proposal down, or takes their own back; a confirmed one too, while nobody has used it.</summary>
    /// <exception cref="AccountRuleException">It waits no longer.</exception>
    public async Task DeclineAsync(HttpContext context, string id, CancellationToken ct)
    {
        var row = await FindAsync(id, ct);
        var ended = row is not null && await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            DeclineSql, new { Id = id, By = context.User.AccountName(), Now }, transaction, cancellationToken: ct)), ct) > 0;
        Refuse(ended ? null : Gone);
        await _log.RecordAsync(new AccessEvent(context.User.AccountName(), "reset-decline", AccessOutcome.Ok, Address: context.ClientAddress(), Detail: row!.Account), ct);
    }

    /// <summary>The person gives both halves and a new password: sessions, second step, passkeys and PINs end, the code is used up.</summary>
    /// <exception cref="AccountRuleException">Name or code is wrong (not told apart), too many tries, or the password is too short or too common.</exception>
    public async Task UseAsync(HttpContext context, string name, string code, string password, CancellationToken ct)
    {
        var account = AccountRules.Fold(name);
        var (key, address) = ("reset:" + account, context.ClientAddress());
        var wait = _throttle.Wait(key, address);
        Refuse(wait > TimeSpan.Zero ? new("wait", $"Sai nhiều lần; hãy chờ {Math.Ceiling(wait.TotalSeconds):0} giây rồi thử lại.", $"Too many wrong tries; wait {Math.Ceiling(wait.TotalSeconds):0} seconds and try again.") : null);
        Refuse(_accounts.CheckPassword(account, password));
        var letters = new string([.. code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);
        var used = letters.Length == 24 && await _db.WriteAsync(async (connection, transaction) =>
        {
            // The halves may come in either order: people do not keep slips of paper sorted.
            var shas = new { Account = account, Now, One = Both(Hash(letters[..12]), Hash(letters[12..])), Two = Both(Hash(letters[12..]), Hash(letters[..12])) };
            var taken = await connection.ExecuteAsync(new CommandDefinition(UseSql, shas, transaction, cancellationToken: ct));
            return taken == 0 ? 0 : await connection.ExecuteAsync(new CommandDefinition(ClearSql, new { Account = account }, transaction, cancellationToken: ct)) + 1;
        }, ct) > 0;
        if (!used)
        {
            _throttle.Failed(key, address);
            await _log.RecordAsync(new AccessEvent(await _accounts.FindAsync(account, ct) is null ? "?" : account, "reset-use", AccessOutcome.Failed, Address: address), ct);
            Refuse(new("reset.code", "Tên đăng nhập hoặc mã không đúng, hoặc mã đã hết hạn hay đã dùng.", "User name or code is wrong, or the code is out of date or used."));
        }

        _throttle.Succeeded(key, address);
        await _accounts.SetPasswordAsync(account, password, ct);
        _tickets.Forget();
        await _log.RecordAsync(new AccessEvent(account, "reset-use", AccessOutcome.Ok, Address: address), ct);
        await _notices.AddAsync(context, account, Notices.PasswordChanged, ct);
    }

    private long Now => _clock.GetUtcNow().ToUs();

    private async Task<bool> DecideAsync(string id, string by, string outcome, byte[] sha, long expires, CancellationToken ct) =>
        await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            DecideSql, new { Id = id, By = by, Now, Outcome = outcome, Sha = sha, Expires = expires }, transaction, cancellationToken: ct)), ct) > 0;

    private async Task<Row?> FindAsync(string id, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(FindSql, new { Id = id }, cancellationToken: ct));
    }

    /// <summary>Twelve letters and digits: 60 random bits.</summary>
    private static string NewHalf() => string.Join('-', Totp.Base32(RandomNumberGenerator.GetBytes(8))[..12].Chunk(4).Select(c => new string(c)));

    private static byte[] Hash(string half) => SHA256.HashData(Encoding.UTF8.GetBytes(half.Replace("-", "", StringComparison.Ordinal)));

    private static byte[] Both(byte[] first, byte[] second) => SHA256.HashData([.. first, .. second]);

    private static readonly AccountProblem Gone = new("reset.gone", "Đề nghị này không còn chờ nữa.", "This reset waits no longer.");

    private static void Refuse(AccountProblem? problem)
    {
        if (problem is not null)
        {
            throw new AccountRuleException(problem);
        }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Account { get; init; } = "";
        public string Reason { get; init; } = "";
        public string ProposedBy { get; init; } = "";
        public long Proposed { get; init; }
        public string? DecidedBy { get; init; }
        public string? Outcome { get; init; }
        public byte[]? CodeSha { get; init; }
        public long Expires { get; init; }
    }

    private const string Columns = "id, account, reason, proposed_by AS ProposedBy, proposed, decided_by AS DecidedBy, outcome, code_sha AS CodeSha, expires";
    private const string OpenSql = $"SELECT {Columns} FROM acc_reset WHERE expires > @Now AND used IS NULL AND COALESCE(outcome, 'confirmed') = 'confirmed' ORDER BY proposed, id";
    private const string FindSql = $"SELECT {Columns} FROM acc_reset WHERE id = @Id";
    private const string InsertSql = "INSERT INTO acc_reset(id, account, reason, proposed_by, proposed, code_sha, expires) VALUES (@Id, @Account, @Reason, @By, @Now, @Sha, @Expires)";
    private const string DecideSql = """
        UPDATE acc_reset SET decided_by = @By, decided = @Now, outcome = @Outcome, code_sha = @Sha, expires = @Expires
        WHERE id = @Id AND outcome IS NULL AND expires > @Now AND proposed_by <> @By AND account <> @By
        """;
    private const string DeclineSql = """
        UPDATE acc_reset SET decided_by = @By, decided = @Now, outcome = 'declined', code_sha = NULL
        WHERE id = @Id AND used IS NULL AND expires > @Now AND COALESCE(outcome, 'confirmed') = 'confirmed'
        """;
    private const string UseSql = """
        UPDATE acc_reset SET used = @Now WHERE account = @Account AND outcome = 'confirmed' AND used IS NULL AND expires > @Now
            AND (code_sha = @One OR code_sha = @Two)
        """;
    private const string ClearSql = """
        DELETE FROM acc_totp WHERE account = @Account;
        DELETE FROM acc_recovery_code WHERE account = @Account;
        DELETE FROM acc_passkey WHERE account = @Account;
        DELETE FROM acc_pin WHERE account = @Account;
        DELETE FROM acc_known WHERE account = @Account
        """;
}
