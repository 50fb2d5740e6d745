using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Mach.Access.SignIn;
using Mach.Data;

namespace Mach.Access.Tokens;

/// <summary>What a session's ticket keeps besides whose it is.</summary>
/// <param name="Device">Browser and system as shown.</param>
/// <param name="DeviceSha">Hash of the browser's device cookie.</param>
/// <param name="Authenticated">When a full proof was given; null after a PIN.</param>
/// <param name="Methods">Of <see cref="SignIn.Methods"/>, separated by blanks.</param>
internal sealed record SessionFacts(string Device, byte[] DeviceSha, string Address, DateTimeOffset? Authenticated, string Methods);

/// <summary>
/// Opaque tickets for sessions, portal tokens and program tokens: 256 random bits for the holder, their SHA-256 in the database.
/// They survive a restart and end when they are revoked; other processes on the same database see that within <see cref="Trust"/>.
/// </summary>
internal sealed class Tickets(Db db, TimeProvider clock)
{
    public const string Session = "session";
    public const string Portal = "portal";
    public const string Client = "client";

    /// <summary>A program that acts for a person.</summary>
    public const string User = "user";

    private const int MaxCached = 10_000;
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Cached> _cache = new();
    private int _generation;

    public static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Makes a ticket and forgets those that expired a day ago.</summary>
    public async Task<string> IssueAsync(string kind, string subject, string scopes, TimeSpan lifetime, CancellationToken ct, SessionFacts? facts = null, string? certificate = null)
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
            Id = facts is null ? null : Guid.CreateVersion7(now).ToString(),
            facts?.Device,
            facts?.DeviceSha,
            facts?.Address,
            Used = facts is null ? (long?)null : now.ToUs(),
            Authenticated = facts?.Authenticated?.ToUs(),
            facts?.Methods,
            Cnf = certificate,
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
        if (row is null || row.Expires <= now.ToUs() || !row.Open || (row.Kind == Session) != session || row.IsIdle(now))
        {
            _cache.TryRemove(key, out _);
            return null;
        }

        if (row.Used is { } used && now - Instants.FromUs(used) >= Grain)
        {
            await db.WriteAsync(async (writing, transaction) => await writing.ExecuteAsync(
                new CommandDefinition(UseSql, new { Sha = sha, Now = now.ToUs() }, transaction, cancellationToken: ct)), ct);
        }

        var principal = ToPrincipal(row, text);
        Keep(key, new Cached(principal, row.Expires, now + Trust), generation);
        return principal;
    }

    /// <summary>A new ticket for the same session after a fresh proof; the former one opens nothing any more.</summary>
    /// <param name="methods">Added to those of the session; the mark that a second step is missing goes once there is one.</param>
    /// <returns>Null when the session has ended meanwhile.</returns>
    public async Task<string?> ReplaceAsync(string former, string methods, CancellationToken ct)
    {
        var text = RandomText();
        var changed = await db.WriteAsync(async (connection, transaction) =>
        {
            var had = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(MethodsSql, new { Former = Hash(former) }, transaction, cancellationToken: ct));
            IEnumerable<string> all = [.. Scopes.Split(had), .. Scopes.Split(methods)];
            var merged = string.Join(' ', all.Distinct().Where(m => m != Methods.Enrol || !Scopes.Split(methods).Contains(Methods.Several)));
            return await connection.ExecuteAsync(new CommandDefinition(
                ReplaceSql, new { Former = Hash(former), Sha = Hash(text), Methods = merged, Now = clock.GetUtcNow().ToUs() }, transaction, cancellationToken: ct));
        }, ct);
        Forget();
        return changed > 0 ? text : null;
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

        AddProgram(identity, row);
        if (row.Kind == Session)
        {
            identity.AddClaim(new(Principals.TicketClaim, text));
            // Forms are bound to this alone. Without it they would be bound to all claims, and a notice or a fresh proof would make every open page's form worthless.
            identity.AddClaim(new(Principals.SubjectClaim, row.Subject));
            AddSession(identity, row);
        }

        foreach (var scope in Scopes.Split(row.Scopes))
        {
            identity.AddClaim(new(Principals.ScopeClaim, scope));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The roles of a person for whom a program acts stand under a name of their own, so that they open no page and no other door than those of its scopes.</summary>
    private static void AddProgram(ClaimsIdentity identity, Row row)
    {
        foreach (var role in row.Kind == User && row.MustChange is null ? Scopes.Split(row.Roles) : [])
        {
            identity.AddClaim(new(Principals.PersonRoleClaim, role));
        }

        foreach (var (name, value) in new[] { (Principals.ClientClaim, row.Client), (Principals.PatientClaim, row.Patient), (Principals.CertificateClaim, row.Cnf), (Principals.PurposeClaim, row.Purpose) })
        {
            if (value is not null)
            {
                identity.AddClaim(new(name, value));
            }
        }
    }

    private static void AddSession(ClaimsIdentity identity, Row row)
    {
        var methods = Scopes.Split(row.Methods);
        foreach (var method in methods)
        {
            identity.AddClaim(new(SessionPrincipals.MethodClaim, method));
        }

        // Who came by a passkey or a provider has shown more than what somebody else chose for them.
        var mustChange = row.MustChange is not null && !methods.Contains(Methods.Passkey) && !methods.Contains(Methods.Provider);
        if (mustChange)
        {
            identity.AddClaim(new(SessionPrincipals.ChangeClaim, "1"));
        }

        // Where a second step is required and missing, or the password is somebody else's choice, the session opens the person's own account and nothing else.
        foreach (var role in methods.Contains(Methods.Enrol) || mustChange ? [] : Scopes.Split(row.Roles))
        {
            identity.AddClaim(new(Principals.RoleClaim, role));
        }

        if (row.Authenticated is { } at)
        {
            identity.AddClaim(new(SessionPrincipals.AuthTimeClaim, at.ToString(CultureInfo.InvariantCulture)));
        }

        identity.AddClaim(new(SessionPrincipals.SessionClaim, row.Id ?? ""));
        if (row.Notices > 0)
        {
            identity.AddClaim(new(SessionPrincipals.NoticesClaim, row.Notices.ToString(CultureInfo.InvariantCulture)));
        }
    }

    internal static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

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
        public long? MustChange { get; init; }
        public string? Id { get; init; }
        public long? Used { get; init; }
        public long? Authenticated { get; init; }
        public string? Methods { get; init; }
        public long Notices { get; init; }
        public string? Client { get; init; }
        public string? Patient { get; init; }
        public string? Cnf { get; init; }
        public string? Purpose { get; init; }
        public bool IsIdle(DateTimeOffset now) => Used is { } used && Instants.FromUs(used) + SignInEndpoints.Idle <= now;
        public bool Open => Holder is not null && Disabled is null;
    }

    /// <summary>Ends all that an account holds, its PINs too; parameter <c>Subject</c>.</summary>
    public const string RevokeAccountSql = "DELETE FROM acc_token WHERE subject = @Subject AND kind <> 'client'; DELETE FROM acc_pin WHERE account = @Subject; DELETE FROM acc_family WHERE account = @Subject";

    /// <summary>Ends all that a client holds; parameter <c>Subject</c>.</summary>
    public const string RevokeClientSql = "DELETE FROM acc_token WHERE (subject = @Subject AND kind = 'client') OR client = @Subject; DELETE FROM acc_family WHERE client = @Subject";

    private const string RevokeSql = "DELETE FROM acc_token WHERE sha = @Sha";
    private const string DeleteOldSql = "DELETE FROM acc_token WHERE expires < @Old";
    private const string SeenSql = "UPDATE acc_account SET last_sign_in = @Issued WHERE name = @Subject";
    private const string InsertSql = """
        INSERT INTO acc_token(sha, kind, subject, scopes, issued, expires, id, device, device_sha, address, used, authenticated, methods, cnf)
        VALUES (@Sha, @Kind, @Subject, @Scopes, @Issued, @Expires, @Id, @Device, @DeviceSha, @Address, @Used, @Authenticated, @Methods, @Cnf)
        """;
    private const string UseSql = "UPDATE acc_token SET used = @Now WHERE sha = @Sha AND used < @Now";
    private const string MethodsSql = "SELECT methods FROM acc_token WHERE sha = @Former";
    private const string ReplaceSql = "UPDATE acc_token SET sha = @Sha, methods = @Methods, authenticated = @Now, used = @Now WHERE sha = @Former AND expires > @Now";
    private const string FindSql = """
        SELECT t.kind, t.subject, t.scopes, t.expires, a.display, a.roles, a.must_change AS MustChange, COALESCE(a.facility, c.facility) AS Facility, c.purpose,
            t.id, t.used, t.authenticated, t.methods, t.client, t.patient, t.cnf,
            (SELECT COUNT(*) FROM acc_notice n WHERE n.account = t.subject AND n.seen IS NULL AND t.kind = 'session') AS Notices,
            CASE WHEN t.kind = 'user' AND p.id IS NULL THEN NULL ELSE COALESCE(a.name, c.id) END AS Holder,
            COALESCE(a.disabled, c.disabled, p.disabled) AS Disabled
        FROM acc_token t
        LEFT JOIN acc_account a ON a.name = t.subject AND t.kind <> 'client'
        LEFT JOIN acc_client c ON c.id = t.subject AND t.kind = 'client'
        LEFT JOIN acc_client p ON p.id = t.client
        WHERE t.sha = @Sha
        """;
}
