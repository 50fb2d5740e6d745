using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Mach.Access.SignIn;
using Mach.Access.Tokens;
using Mach.Data;

namespace Mach.Access.Programs;

/// <summary>What a person let a program have, this time.</summary>
/// <param name="Session">Of the person; the end of online_access.</param>
/// <param name="Launch">Word of the launch that is used up by it.</param>
internal sealed record Approval(
    string Account, string Client, IReadOnlyList<string> Scopes, LaunchContext Context, string Redirect, string Challenge, string? Nonce, string Session, DateTimeOffset? Authenticated, string? Launch);

/// <summary>What comes of a code or a refresh token.</summary>
/// <param name="Refresh">Null when the person gave no lasting access.</param>
/// <param name="Nonce">Of the request, for the first id token alone.</param>
internal sealed record Issued(string Access, string? Refresh, string Family, string Account, string Scopes, LaunchContext Context, string? Nonce, DateTimeOffset? Authenticated);

/// <summary>
/// Codes, and the tokens that come of them. All that comes of one approval is a family: it ends as one, also when a code or a refresh token
/// is used a second time, since then somebody has a copy.
/// </summary>
/// <remarks>Source: OAuth 2.1 (draft-ietf-oauth-v2-1) §4.1, §4.3; RFC 9700 §2.1.1, §4.14; RFC 7636 §4.6.</remarks>
internal sealed class Authorizations(Db db, TimeProvider clock, Tickets tickets)
{
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan OfflineLifetime = TimeSpan.FromDays(90);

    /// <summary>Keeps the approval and makes the code; null when the launch was used meanwhile.</summary>
    public async Task<string?> ApproveAsync(Approval approval, CancellationToken ct)
    {
        var (code, now) = (Tickets.RandomText(), clock.GetUtcNow());
        var lasting = approval.Scopes.Contains(Scopes.OfflineAccess) ? OfflineLifetime : SignInEndpoints.Longest;
        var row = new
        {
            Id = Guid.CreateVersion7(now).ToString(),
            approval.Account,
            approval.Client,
            Scopes = string.Join(' ', approval.Scopes),
            Context = JsonSerializer.Serialize(approval.Context),
            Session = approval.Scopes.Contains(Scopes.OfflineAccess) ? null : approval.Session,
            Authenticated = approval.Authenticated?.ToUs(),
            Now = now.ToUs(),
            Ends = (now + lasting).ToUs(),
            Sha = Tickets.Hash(code),
            approval.Redirect,
            approval.Challenge,
            approval.Nonce,
            Expires = (now + CodeLifetime).ToUs(),
            Launch = approval.Launch is null ? null : Tickets.Hash(approval.Launch),
        };
        return await db.WriteAsync(async (connection, transaction) =>
        {
            if (row.Launch is not null && await connection.ExecuteAsync(new CommandDefinition(Launches.UseSql, row, transaction, cancellationToken: ct)) == 0)
            {
                return null;
            }

            foreach (var sql in new[] { ForgetSql, FamilySql, CodeSql, GrantSql })
            {
                await connection.ExecuteAsync(new CommandDefinition(sql, row, transaction, cancellationToken: ct));
            }

            return code;
        }, ct);
    }

    /// <summary>Tokens for a code; null when it is not good for this program, address and verifier.</summary>
    public async Task<Issued?> RedeemAsync(string code, ProvenClient client, string redirect, string verifier, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var key = new { Sha = Tickets.Hash(code), Now = now.ToUs() };
        var (issued, family) = await db.WriteAsync(async (connection, transaction) =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<CodeRow>(new CommandDefinition(FindCodeSql, key, transaction, cancellationToken: ct));
            if (row is null || row.Client != client.Id)
            {
                return (null, null);
            }

            // A second use means that somebody has a copy: what came of the first ends, too. Only who has the code comes here.
            if (row.Used is not null)
            {
                await EndAsync(connection, transaction, row.Family, ct);
                return (null, row.Family);
            }

            if (row.CodeExpires <= now.ToUs() || row.Redirect != redirect || !Answers(row.Challenge, verifier)
                || await connection.ExecuteAsync(new CommandDefinition(UseCodeSql, key, transaction, cancellationToken: ct)) == 0)
            {
                return ((Issued?)null, (string?)null);
            }

            return (await IssueAsync(connection, transaction, row, row.Scopes, client.Certificate, row.Nonce, now, ct), null);
        }, ct);
        if (family is not null)
        {
            tickets.Forget();
        }

        return issued;
    }

    /// <summary>New tokens for a refresh token, which is used up; null when it is not good for this program.</summary>
    /// <param name="asked">Scopes asked for; none = all that there were.</param>
    /// <param name="tooMuch">Told when more is asked for than there was; nothing is used up then.</param>
    public async Task<Issued?> RefreshAsync(string token, ProvenClient client, string[] asked, Action tooMuch, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var key = new { Sha = Tickets.Hash(token), Now = now.ToUs(), Idle = (now - SignInEndpoints.Idle).ToUs() };
        var (issued, ended) = await db.WriteAsync(async (connection, transaction) =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<CodeRow>(new CommandDefinition(FindRefreshSql, key, transaction, cancellationToken: ct));
            if (row is null || row.Client != client.Id)
            {
                return (null, false);
            }

            if (row.Used is not null || row.Expires <= now.ToUs() || !row.IsOpen)
            {
                await EndAsync(connection, transaction, row.Family, ct);
                return (null, true);
            }

            var had = Scopes.Split(row.Scopes);
            if (!asked.All(a => had.Any(h => Scopes.Covers(h, a))))
            {
                tooMuch();
                return (null, false);
            }

            return await connection.ExecuteAsync(new CommandDefinition(UseRefreshSql, key, transaction, cancellationToken: ct)) == 0
                ? ((Issued?)null, false)
                : (await IssueAsync(connection, transaction, row, asked.Length == 0 ? row.Scopes : string.Join(' ', asked.Distinct()), client.Certificate, null, now, ct), false);
        }, ct);
        if (ended)
        {
            tickets.Forget();
        }

        return issued;
    }

    /// <summary>Ends a family: its tokens open nothing any more.</summary>
    public async Task EndAsync(string family, CancellationToken ct)
    {
        await db.WriteAsync(async (connection, transaction) =>
        {
            await EndAsync(connection, transaction, family, ct);
            return 0;
        }, ct);
        tickets.Forget();
    }

    private static Task<int> EndAsync(DbConnection connection, DbTransaction transaction, string family, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(EndSql, new { Family = family }, transaction, cancellationToken: ct));

    private static async Task<Issued> IssueAsync(DbConnection connection, DbTransaction transaction, CodeRow row, string scopes, string? certificate, string? nonce, DateTimeOffset now, CancellationToken ct)
    {
        var context = JsonSerializer.Deserialize<LaunchContext>(row.Context) ?? LaunchContext.None;
        var had = Scopes.Split(row.Scopes);
        var refresh = had.Contains(Scopes.OfflineAccess) || had.Contains(Scopes.OnlineAccess) ? Tickets.RandomText() : null;
        var access = Tickets.RandomText();
        var token = new
        {
            Sha = Tickets.Hash(access),
            Subject = row.Account,
            row.Client,
            row.Family,
            Scopes = scopes,
            Issued = now.ToUs(),
            Expires = Math.Min((now + OAuthToken.Lifetime).ToUs(), row.Expires),
            context.Patient,
            Cnf = certificate,
            Refresh = refresh is null ? null : Tickets.Hash(refresh),
        };
        await connection.ExecuteAsync(new CommandDefinition(TokenSql, token, transaction, cancellationToken: ct));
        if (refresh is not null)
        {
            await connection.ExecuteAsync(new CommandDefinition(RefreshSql, token, transaction, cancellationToken: ct));
        }

        return new(access, refresh, row.Family, row.Account, scopes, context, nonce, row.Authenticated is { } at ? Instants.FromUs(at) : null);
    }

    /// <summary>RFC 7636 §4.1 and §4.6: 43 to 128 characters of a small set, and their SHA-256 is the challenge.</summary>
    private static bool Answers(string challenge, string verifier) =>
        verifier.Length is >= 43 and <= 128 && verifier.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~')
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(challenge), Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))));

    private sealed class CodeRow
    {
        public string Family { get; init; } = "";
        public string Account { get; init; } = "";
        public string Client { get; init; } = "";
        public string Scopes { get; init; } = "";
        public string Context { get; init; } = "";
        public string Redirect { get; init; } = "";
        public string Challenge { get; init; } = "";
        public string? Nonce { get; init; }
        public long? Authenticated { get; init; }
        public long Expires { get; init; }
        public long CodeExpires { get; init; }
        public long? Used { get; init; }
        public long Open { get; init; }
        public bool IsOpen => Open > 0;
    }

    private const string ForgetSql = """
        DELETE FROM acc_family WHERE expires < @Now;
        DELETE FROM acc_code WHERE NOT EXISTS(SELECT 1 FROM acc_family f WHERE f.id = acc_code.family);
        DELETE FROM acc_refresh WHERE NOT EXISTS(SELECT 1 FROM acc_family f WHERE f.id = acc_refresh.family)
        """;
    private const string FamilySql = """
        INSERT INTO acc_family(id, account, client, scopes, context, session, authenticated, made, expires)
        VALUES (@Id, @Account, @Client, @Scopes, @Context, @Session, @Authenticated, @Now, @Ends)
        """;
    private const string CodeSql = "INSERT INTO acc_code(sha, family, redirect, challenge, nonce, expires) VALUES (@Sha, @Id, @Redirect, @Challenge, @Nonce, @Expires)";
    private const string GrantSql = """
        INSERT INTO acc_grant(account, client, scopes, made, used) VALUES (@Account, @Client, @Scopes, @Now, @Now)
        ON CONFLICT(account, client) DO UPDATE SET scopes = excluded.scopes, used = excluded.used
        """;
    private const string FindCodeSql = """
        SELECT c.family, c.redirect, c.challenge, c.nonce, c.used, c.expires AS CodeExpires, f.account, f.client, f.scopes, f.context, f.authenticated, f.expires
        FROM acc_code c JOIN acc_family f ON f.id = c.family WHERE c.sha = @Sha
        """;
    private const string UseCodeSql = "UPDATE acc_code SET used = @Now WHERE sha = @Sha AND used IS NULL";
    private const string FindRefreshSql = """
        SELECT r.family, r.used, f.account, f.client, f.scopes, f.context, f.authenticated, f.expires,
            (SELECT COUNT(*) FROM acc_account a WHERE a.name = f.account AND a.disabled IS NULL
                AND (f.session IS NULL OR EXISTS(SELECT 1 FROM acc_token t WHERE t.id = f.session AND t.expires > @Now AND t.used > @Idle))) AS Open
        FROM acc_refresh r JOIN acc_family f ON f.id = r.family WHERE r.sha = @Sha
        """;
    private const string UseRefreshSql = "UPDATE acc_refresh SET used = @Now WHERE sha = @Sha AND used IS NULL";
    private const string EndSql = "DELETE FROM acc_token WHERE family = @Family; DELETE FROM acc_family WHERE id = @Family";
    private const string TokenSql = """
        INSERT INTO acc_token(sha, kind, subject, scopes, issued, expires, client, family, patient, cnf)
        VALUES (@Sha, 'user', @Subject, @Scopes, @Issued, @Expires, @Client, @Family, @Patient, @Cnf)
        """;
    private const string RefreshSql = "INSERT INTO acc_refresh(sha, family, made) VALUES (@Refresh, @Family, @Issued)";
}
