using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Mach.Data;

namespace Mach.Access.Tokens;

/// <summary>
/// Opaque tickets for sessions, portal tokens and program tokens: 256 random bits for the holder, their SHA-256 in the database.
/// They survive a restart and end when they are revoked; other processes on the same database see that within <see cref="Trust"/>.
/// </summary>
internal sealed class Tickets(Db db, TimeProvider clock)
{
    public const string Session = "session";
    public const string Portal = "portal";
    public const string Client = "client";

    private const int MaxCached = 10_000;
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, Cached> _cache = new();
    private int _generation;

    public static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Makes a ticket and forgets those that expired a day ago.</summary>
    public async Task<string> IssueAsync(string kind, string subject, string scopes, TimeSpan lifetime, CancellationToken ct)
    {
        var text = RandomText();
        var now = clock.GetUtcNow();
        var row = new
        {
            Sha = Hash(text),
            Kind = kind,
            Subject = subject,
            Scopes = scopes,
            Issued = now.ToUs(),
            Expires = (now + lifetime).ToUs(),
            Old = (now - TimeSpan.FromDays(1)).ToUs(),
        };
        await db.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(DeleteOldSql, row, transaction, cancellationToken: ct));
            if (kind != Client)
            {
                await connection.ExecuteAsync(new CommandDefinition(SeenSql, row, transaction, cancellationToken: ct));
            }

            return await connection.ExecuteAsync(new CommandDefinition(InsertSql, row, transaction, cancellationToken: ct));
        }, ct);
        return text;
    }

    /// <summary>Who holds this ticket; null when it is unknown, expired or revoked, or its account is closed.</summary>
    /// <param name="session">A session's ticket never works as a bearer token, nor the other way round.</param>
    public async ValueTask<ClaimsPrincipal?> FindAsync(string text, bool session, CancellationToken ct)
    {
        if (text.Length != 43)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var sha = Hash(text);
        var key = Convert.ToHexString(sha) + (session ? "s" : "b");
        if (_cache.TryGetValue(key, out var cached) && cached.TrustedUntil > now)
        {
            return cached.ExpiresUs > now.ToUs() ? cached.Principal : null;
        }

        var generation = Volatile.Read(ref _generation);
        await using var connection = await db.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(FindSql, new { Sha = sha }, cancellationToken: ct));
        if (row is null || row.Expires <= now.ToUs() || !row.Open || (row.Kind == Session) != session)
        {
            _cache.TryRemove(key, out _);
            return null;
        }

        var principal = ToPrincipal(row, text);
        Keep(key, new Cached(principal, row.Expires, now + Trust), generation);
        return principal;
    }

    public async Task RevokeAsync(string text, CancellationToken ct)
    {
        await db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            new CommandDefinition(RevokeSql, new { Sha = Hash(text) }, transaction, cancellationToken: ct)), ct);
        Forget();
    }

    /// <summary>Empties the memory, so that the next request asks the database.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _generation);
        _cache.Clear();
    }

    private void Keep(string key, Cached cached, int generation)
    {
        if (_cache.Count >= MaxCached)
        {
            _cache.Clear();
        }

        _cache[key] = cached;
        if (generation != Volatile.Read(ref _generation))
        {
            // Something was revoked while we read: what we read may be from before.
            _cache.TryRemove(key, out _);
        }
    }

    private static ClaimsPrincipal ToPrincipal(Row row, string text)
    {
        var identity = new ClaimsIdentity(row.Kind, Principals.NameClaim, Principals.RoleClaim);
        identity.AddClaim(new(Principals.NameClaim, row.Subject));
        if (row.Display is not null)
        {
            identity.AddClaim(new(Principals.DisplayClaim, row.Display));
        }

        if (row.Facility is not null)
        {
            identity.AddClaim(new(Principals.FacilityClaim, row.Facility));
        }

        if (row.Kind == Session)
        {
            identity.AddClaim(new(Principals.TicketClaim, text));
            foreach (var role in Scopes.Split(row.Roles))
            {
                identity.AddClaim(new(Principals.RoleClaim, role));
            }
        }

        foreach (var scope in Scopes.Split(row.Scopes))
        {
            identity.AddClaim(new(Principals.ScopeClaim, scope));
        }

        return new ClaimsPrincipal(identity);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private sealed record Cached(ClaimsPrincipal Principal, long ExpiresUs, DateTimeOffset TrustedUntil);

    private sealed class Row
    {
        public string Kind { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Scopes { get; init; } = "";
        public long Expires { get; init; }
        public string? Display { get; init; }
        public string? Roles { get; init; }
        public string? Facility { get; init; }
        public string? Holder { get; init; }
        public long? Disabled { get; init; }
        public bool Open => Holder is not null && Disabled is null;
    }

    /// <summary>Ends all that an account holds; parameter <c>Subject</c>.</summary>
    public const string RevokeAccountSql = "DELETE FROM acc_token WHERE subject = @Subject AND kind <> 'client'";

    /// <summary>Ends all that a client holds; parameter <c>Subject</c>.</summary>
    public const string RevokeClientSql = "DELETE FROM acc_token WHERE subject = @Subject AND kind = 'client'";

    private const string RevokeSql = "DELETE FROM acc_token WHERE sha = @Sha";
    private const string DeleteOldSql = "DELETE FROM acc_token WHERE expires < @Old";
    private const string SeenSql = "UPDATE acc_account SET last_sign_in = @Issued WHERE name = @Subject";
    private const string InsertSql = """
        INSERT INTO acc_token(sha, kind, subject, scopes, issued, expires)
        VALUES (@Sha, @Kind, @Subject, @Scopes, @Issued, @Expires)
        """;
    private const string FindSql = """
        SELECT t.kind, t.subject, t.scopes, t.expires, a.display, a.roles, a.facility,
            COALESCE(a.name, c.id) AS Holder, COALESCE(a.disabled, c.disabled) AS Disabled
        FROM acc_token t
        LEFT JOIN acc_account a ON a.name = t.subject AND t.kind <> 'client'
        LEFT JOIN acc_client c ON c.id = t.subject AND t.kind = 'client'
        WHERE t.sha = @Sha
        """;
}
