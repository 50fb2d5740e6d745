using Dapper;
using Mach.Access.SignIn;
using Mach.Access.Web;
using Mach.Data;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Wards;

/// <summary>A computer that several people share.</summary>
public sealed record WardComputer(string Id, string Name, string RegisteredBy, DateTimeOffset Registered);

/// <summary>Somebody who may switch to their own session on this computer with a PIN.</summary>
/// <param name="Ends">Until when: twelve hours after the full sign-in.</param>
public sealed record PinHolder(string Account, string Display, DateTimeOffset Ends);

/// <summary>
/// Fast switching on shared computers: a PIN of six digits that works on one registered computer, for one shift after a full sign-in
/// there, and ends after five wrong tries in a row. It opens everyday work; whatever asks for a fresh proof stays closed.
/// </summary>
/// <remarks>Source: NIST SP 800-63B-4 §3.1.7 (a PIN of at least 6 digits bound to one device), §2.2.3 (one shift), §3.2.2 (few tries).</remarks>
public sealed class WardComputers
{
    /// <summary>Tells pages to show the way to the switch page; decides nothing.</summary>
    public const string MarkCookie = "mach.ward";

    public const int PinDigits = 6;

    /// <summary>Wrong tries in a row that end a PIN. The account itself is not touched.</summary>
    public const int Tries = 5;

    /// <summary>One shift, counted from the full sign-in.</summary>
    public static readonly TimeSpan Shift = TimeSpan.FromHours(12);

    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly Sessions _sessions;
    private readonly Notices _notices;
    private readonly AccessLog _log;

    internal WardComputers(Db db, TimeProvider clock, Sessions sessions, Notices notices, AccessLog log) =>
        (_db, _clock, _sessions, _notices, _log) = (db, clock, sessions, notices, log);

    /// <summary>The registration of the computer at hand; null when it has none.</summary>
    public async Task<WardComputer?> ThisAsync(HttpContext context, CancellationToken ct)
    {
        if (Devices.Read(context) is not { } sha)
        {
            return null;
        }

        await using var connection = await _db.OpenAsync(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(ThisSql, new { Sha = sha }, cancellationToken: ct)))?.ToComputer();
    }

    public async Task<IReadOnlyList<WardComputer>> ListAsync(CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(ListSql, cancellationToken: ct))).Select(r => r.ToComputer())];
    }

    /// <summary>Registers the computer at hand, or names it anew.</summary>
    /// <exception cref="AccountRuleException">The name is empty or too long.</exception>
    public async Task RegisterAsync(HttpContext context, string name, CancellationToken ct)
    {
        if (name.Trim().Length is < 2 or > 60)
        {
            throw new AccountRuleException(new("ward.name", "Hãy đặt tên máy, từ 2 đến 60 ký tự.", "Give the computer a name of 2 to 60 characters."));
        }

        var row = new { Sha = Devices.ReadOrGive(context), Id = Guid.CreateVersion7(_clock.GetUtcNow()).ToString(), Name = name.Trim(), By = context.User.AccountName(), Now };
        await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(RegisterSql, row, transaction, cancellationToken: ct)), ct);
        HouseCookies.Give(context, MarkCookie, "1", TimeSpan.FromDays(400), SameSiteMode.Lax);
        await _log.RecordAsync(new AccessEvent(row.By, "ward-register", AccessOutcome.Ok, Address: context.ClientAddress(), Detail: row.Name), ct);
    }

    /// <summary>A computer is shared no longer: its PINs end with it. False when there is none with this id.</summary>
    public async Task<bool> RemoveAsync(HttpContext context, string id, CancellationToken ct)
    {
        var removed = await _db.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(RemovePinsSql, new { Id = id }, transaction, cancellationToken: ct));
            return await connection.ExecuteAsync(new CommandDefinition(RemoveSql, new { Id = id }, transaction, cancellationToken: ct));
        }, ct) > 0;
        if (removed)
        {
            await _log.RecordAsync(context, "ward-remove", null, ct);
        }

        return removed;
    }

    /// <summary>Who may switch here now, by name; nobody on a computer that is not registered.</summary>
    public async Task<IReadOnlyList<PinHolder>> HoldersAsync(HttpContext context, CancellationToken ct)
    {
        if (Devices.Read(context) is not { } sha)
        {
            return [];
        }

        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<PinRow>(new CommandDefinition(HoldersSql, new { Sha = sha, Now, Tries }, cancellationToken: ct));
        return [.. rows.Select(r => new PinHolder(r.Account, r.Display, Instants.FromUs(r.Ends)))];
    }

    /// <summary>Sets the PIN of whoever is signed in, on the computer at hand; the endpoint asks for a fresh full proof.</summary>
    /// <exception cref="AccountRuleException">The computer is not registered, or the PIN is not six digits or too easy.</exception>
    public async Task SetPinAsync(HttpContext context, string pin, CancellationToken ct)
    {
        var problem = await ThisAsync(context, ct) is null
            ? new AccountProblem("ward.unregistered", "Máy này chưa được đăng ký là máy dùng chung; hãy nhờ quản trị viên.", "This computer is not registered as shared; ask an administrator.")
            : CheckPin(pin);
        if (problem is not null || context.User.AuthTime() is not { } proved)
        {
            throw new AccountRuleException(problem ?? new("ward.proof", "Hãy đăng nhập đầy đủ trước.", "Sign in in full first."));
        }

        var row = new { Sha = Devices.Read(context), Account = context.User.AccountName(), Pin = Passwords.Hash(pin), Now, Ends = (proved + Shift).ToUs() };
        await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(SetSql, row, transaction, cancellationToken: ct)), ct);
        await _log.RecordAsync(context, "pin-set", null, ct);
    }

    /// <summary>Six digits, not all in one run (111111, 123456, 654321) and not one pair or triple repeated (121212, 123123).</summary>
    internal static AccountProblem? CheckPin(string pin)
    {
        if (pin.Length != PinDigits || !pin.All(char.IsAsciiDigit))
        {
            return new("pin.digits", "Mã PIN gồm đúng 6 chữ số.", "A PIN has exactly 6 digits.");
        }

        var steps = pin.Zip(pin.Skip(1), (a, b) => b - a).Distinct().ToList();
        var easy = (steps.Count == 1 && steps[0] is >= -1 and <= 1) || pin[..3] == pin[3..] || (pin[..2] == pin[2..4] && pin[..2] == pin[4..]);
        return easy ? new("pin.easy", "Mã PIN này quá dễ đoán; hãy chọn mã khác.", "This PIN is too easy to guess; choose another one.") : null;
    }

    /// <summary>Switches to the session of whoever the PIN is of; false when it is wrong, has ended, or is not of this computer.</summary>
    internal async Task<bool> SwitchAsync(HttpContext context, string account, string pin, CancellationToken ct)
    {
        var name = AccountRules.Fold(account);
        var key = new { Sha = Devices.Read(context), Account = name, Now, Tries };
        PinRow? row = null;
        if (key.Sha is not null)
        {
            // The try is counted before it is looked at: a burst of guesses at the same time gets no more than five either.
            var counted = await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(CountSql, key, transaction, cancellationToken: ct)), ct);
            await using var reading = await _db.OpenAsync(ct);
            row = counted == 0 ? null : await reading.QuerySingleOrDefaultAsync<PinRow>(new CommandDefinition(FindSql, key, cancellationToken: ct));
        }

        var right = Passwords.Verify(row?.Pin ?? Passwords.Nobody, pin) && row is not null;
        await _log.RecordAsync(new AccessEvent(row is null ? "?" : name, "pin-switch", right ? AccessOutcome.Ok : AccessOutcome.Failed, Address: context.ClientAddress()), ct);
        if (!right)
        {
            if (row?.Count >= Tries)
            {
                await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(EndSql, key, transaction, cancellationToken: ct)), ct);
                await _notices.AddAsync(context, name, Notices.PinEnded, ct);
            }

            return false;
        }

        await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(ClearSql, key, transaction, cancellationToken: ct)), ct);
        await _sessions.OpenAsync(context, name, Methods.Pin, full: false, Instants.FromUs(row!.Ends) - _clock.GetUtcNow(), ct);
        return true;
    }

    private long Now => _clock.GetUtcNow().ToUs();

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string RegisteredBy { get; init; } = "";
        public long Registered { get; init; }
        public WardComputer ToComputer() => new(Id, Name, RegisteredBy, Instants.FromUs(Registered));
    }

    private sealed class PinRow
    {
        public string Account { get; init; } = "";
        public string Display { get; init; } = "";
        public string Pin { get; init; } = "";
        public long Ends { get; init; }
        public long Count { get; init; }
    }

    private const string ThisSql = "SELECT id, name, registered_by AS RegisteredBy, registered FROM acc_ward_device WHERE device_sha = @Sha";
    private const string ListSql = "SELECT id, name, registered_by AS RegisteredBy, registered FROM acc_ward_device ORDER BY name, id";
    private const string RegisterSql = """
        INSERT INTO acc_ward_device(device_sha, id, name, registered_by, registered) VALUES (@Sha, @Id, @Name, @By, @Now)
        ON CONFLICT(device_sha) DO UPDATE SET name = excluded.name
        """;
    private const string RemovePinsSql = "DELETE FROM acc_pin WHERE device_sha IN (SELECT device_sha FROM acc_ward_device WHERE id = @Id)";
    private const string RemoveSql = "DELETE FROM acc_ward_device WHERE id = @Id";
    private const string HoldersSql = """
        SELECT p.account, a.display, p.ends FROM acc_pin p
        JOIN acc_ward_device w ON w.device_sha = p.device_sha JOIN acc_account a ON a.name = p.account
        WHERE p.device_sha = @Sha AND p.ends > @Now AND p.tries < @Tries AND a.disabled IS NULL ORDER BY a.display, p.account
        """;
    private const string SetSql = """
        INSERT INTO acc_pin(device_sha, account, pin, tries, made, ends) VALUES (@Sha, @Account, @Pin, 0, @Now, @Ends)
        ON CONFLICT(device_sha, account) DO UPDATE SET pin = excluded.pin, tries = 0, made = excluded.made, ends = excluded.ends
        """;
    private const string CountSql = """
        UPDATE acc_pin SET tries = tries + 1 WHERE device_sha = @Sha AND account = @Account AND ends > @Now AND tries < @Tries
            AND EXISTS (SELECT 1 FROM acc_ward_device w WHERE w.device_sha = acc_pin.device_sha)
            AND EXISTS (SELECT 1 FROM acc_account a WHERE a.name = acc_pin.account AND a.disabled IS NULL)
        """;
    private const string FindSql = "SELECT account, pin, ends, tries AS Count FROM acc_pin WHERE device_sha = @Sha AND account = @Account";
    private const string EndSql = "DELETE FROM acc_pin WHERE device_sha = @Sha AND account = @Account AND tries >= @Tries";
    private const string ClearSql = "UPDATE acc_pin SET tries = 0 WHERE device_sha = @Sha AND account = @Account";
}
