using Dapper;
using Mach.Access.Tokens;
using Mach.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.SignIn;

/// <summary>One open session, as its owner sees it.</summary>
/// <param name="Id">Names it; opens nothing.</param>
/// <param name="Used">Last use, to the minute.</param>
/// <param name="Authenticated">Last full proof; null = only a PIN.</param>
/// <param name="Methods">Of <see cref="SignIn.Methods"/>.</param>
public sealed record SessionInfo(string Id, string Device, string? Address, DateTimeOffset Made, DateTimeOffset Used, DateTimeOffset? Authenticated, IReadOnlyList<string> Methods);

/// <summary>Opens, strengthens, lists and ends the sessions of people.</summary>
/// <remarks>Source: OWASP ASVS 5.0 V7.2 (a new token at each proof), V7.4 (ending), V7.5 (listing).</remarks>
public sealed class Sessions
{
    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly Tickets _tickets;

    internal Sessions(Db db, TimeProvider clock, Tickets tickets) => (_db, _clock, _tickets) = (db, clock, tickets);

    /// <summary>The open sessions of an account, last used first.</summary>
    public async Task<IReadOnlyList<SessionInfo>> ListAsync(string account, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var now = _clock.GetUtcNow();
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(ListSql, new { Account = AccountRules.Fold(account), Now = now.ToUs(), Idle = (now - SignInEndpoints.Idle).ToUs() }, cancellationToken: ct));
        return [.. rows.Select(r => new SessionInfo(r.Id, r.Device ?? "?", r.Address, Instants.FromUs(r.Issued), Instants.FromUs(r.Used),
            r.Authenticated is { } at ? Instants.FromUs(at) : null, Scopes.Split(r.Methods)))];
    }

    /// <summary>Ends one session of this account; false when it has none with this id.</summary>
    public async Task<bool> EndAsync(string account, string id, CancellationToken ct)
    {
        var ended = await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            new CommandDefinition(EndSql, new { Account = AccountRules.Fold(account), Id = id }, transaction, cancellationToken: ct)), ct);
        _tickets.Forget();
        return ended > 0;
    }

    /// <summary>Ends all sessions of this account but one; all of them when <paramref name="keptId"/> is null. Tokens of its systems stay.</summary>
    /// <returns>How many ended.</returns>
    public async Task<int> EndOthersAsync(string account, string? keptId, CancellationToken ct)
    {
        var ended = await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            new CommandDefinition(EndOthersSql, new { Account = AccountRules.Fold(account), Id = keptId ?? "" }, transaction, cancellationToken: ct)), ct);
        _tickets.Forget();
        return ended;
    }

    /// <summary>Opens a session for whoever has just proved who they are and gives the browser its cookie; the browser's former session ends.</summary>
    /// <param name="methods">How they proved it, separated by blanks.</param>
    /// <param name="full">False after a PIN: nothing that asks for a fresh proof opens.</param>
    /// <param name="longest">When to end at the latest; null = the usual twelve hours.</param>
    /// <param name="proved">When the full proof was given; null = just now.</param>
    internal async Task OpenAsync(HttpContext context, string account, string methods, bool full, TimeSpan? longest, CancellationToken ct, DateTimeOffset? proved = null)
    {
        if (context.User.FindFirst(Principals.TicketClaim)?.Value is { } former)
        {
            await _tickets.RevokeAsync(former, ct);
        }

        var sha = Devices.ReadOrGive(context);
        var device = Devices.Name(context.Request.Headers.UserAgent);
        var facts = new SessionFacts(device, sha, context.ClientAddress(), full ? proved ?? _clock.GetUtcNow() : null, methods);
        var ticket = await _tickets.IssueAsync(Tickets.Session, account, "", longest is { } l && l < SignInEndpoints.Longest ? l : SignInEndpoints.Longest, ct, facts);
        await RememberDeviceAsync(account, sha, device, context.ClientAddress(), ct);
        await WriteCookieAsync(context, ticket, ct);
    }

    /// <summary>After a fresh proof inside a session: the same session goes on under a new ticket, with the new time and the methods added.</summary>
    internal async Task StrengthenAsync(HttpContext context, string methods, CancellationToken ct)
    {
        var former = context.User.FindFirst(Principals.TicketClaim)?.Value ?? throw new InvalidOperationException("There is no session to strengthen");
        var ticket = await _tickets.ReplaceAsync(former, methods, ct);
        if (ticket is not null)
        {
            await WriteCookieAsync(context, ticket, ct);
        }
    }

    private async Task WriteCookieAsync(HttpContext context, string ticket, CancellationToken ct)
    {
        var principal = await _tickets.FindAsync(ticket, session: true, ct)
            ?? throw new InvalidOperationException("A ticket that was just made is not there");
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, principal);
        context.User = principal;
    }

    /// <summary>A browser that this account has not used before is announced to its owner, but for the very first.</summary>
    private async Task RememberDeviceAsync(string account, byte[] sha, string device, string address, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        await _db.WriteAsync(async (connection, transaction) =>
        {
            var row = new { Account = account, Sha = sha, Now = now.ToUs(), Id = Guid.CreateVersion7(now).ToString(), Kind = Notices.NewDevice, Device = device, Address = address };
            if (await connection.ExecuteAsync(new CommandDefinition(SeenSql, row, transaction, cancellationToken: ct)) > 0)
            {
                return 0;
            }

            var others = await connection.ExecuteScalarAsync<long>(new CommandDefinition(OthersSql, row, transaction, cancellationToken: ct));
            await connection.ExecuteAsync(new CommandDefinition(KnownSql, row, transaction, cancellationToken: ct));
            return others == 0 ? 0 : await connection.ExecuteAsync(new CommandDefinition(Notices.InsertSql, row, transaction, cancellationToken: ct));
        }, ct);
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string? Device { get; init; }
        public string? Address { get; init; }
        public long Issued { get; init; }
        public long Used { get; init; }
        public long? Authenticated { get; init; }
        public string? Methods { get; init; }
    }

    private const string ListSql = """
        SELECT id, device, address, issued, used, authenticated, methods FROM acc_token
        WHERE subject = @Account AND kind = 'session' AND id IS NOT NULL AND expires > @Now AND used > @Idle
        ORDER BY used DESC, id DESC
        """;
    private const string EndSql = "DELETE FROM acc_token WHERE subject = @Account AND kind = 'session' AND id = @Id";
    private const string EndOthersSql = "DELETE FROM acc_token WHERE subject = @Account AND kind = 'session' AND COALESCE(id, '?') <> @Id";
    private const string SeenSql = "UPDATE acc_known SET last_seen = @Now WHERE account = @Account AND device_sha = @Sha";
    private const string OthersSql = "SELECT COUNT(*) FROM acc_known WHERE account = @Account";
    private const string KnownSql = "INSERT INTO acc_known(account, device_sha, first_seen, last_seen) VALUES (@Account, @Sha, @Now, @Now) ON CONFLICT DO NOTHING";
}
