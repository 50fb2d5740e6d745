using System.Data.Common;
using Dapper;
using Mach.Access.Tokens;
using Mach.Data;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Programs;

/// <summary>A program's proof by a statement that it signed: looked at once, and never taken again.</summary>
/// <remarks>Source: RFC 7523 §3; SMART App Launch 2.1, "Asymmetric (public key) Client Authentication": RS384 and ES384, at most five minutes, a jti of one use.</remarks>
internal sealed class SignedStatements(Db db, RemoteKeys remote, TimeProvider clock)
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    public static readonly string[] Algorithms = ["RS384", "ES384", "ES256", "PS256"];

    private const int MaxLength = 8192;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxLength };

    /// <summary>Whose statement it says it is; nothing is checked yet.</summary>
    public static string? ClientOf(string statement)
    {
        if (statement.Length > MaxLength || !Handler.CanReadToken(statement))
        {
            return null;
        }

        try
        {
            return Handler.ReadJsonWebToken(statement) is { } token && token.Issuer.Length > 0 && token.Issuer == token.Subject ? token.Issuer : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    /// <summary>True when the program signed it with one of its keys, for us, in the last minutes, and it was not used before.</summary>
    /// <param name="audiences">Names of this house: the issuer and the token endpoint.</param>
    public async Task<bool> IsFromAsync(ClientRow client, string statement, IReadOnlyList<string> audiences, CancellationToken ct)
    {
        var token = Handler.ReadJsonWebToken(statement);
        var keys = client.Keys is { } own ? new JsonWebKeySet(own)
            : client.KeysAddress is { } address ? await remote.FindAsync(address, token.Kid is { Length: > 0 } id ? id : null, ct)
            : null;
        if (keys is null || token.Audiences.Count() != 1 || token.Id is not { Length: > 0 and <= 255 })
        {
            return false;
        }

        var result = await Handler.ValidateTokenAsync(token, Parameters(client.Id, audiences, keys));
        return result.IsValid && await IsFirstUseAsync(client.Id, token.Id, token.ValidTo, ct);
    }

    private TokenValidationParameters Parameters(string client, IReadOnlyList<string> audiences, JsonWebKeySet keys) => new()
    {
        ValidIssuer = client,
        ValidAudiences = audiences,
        // Keys for encryption alone sign nothing (RFC 7517 §4.2), nor do RSA keys that can be broken (RFC 7518 §3.3: 2048 bits or more).
        IssuerSigningKeys = [.. keys.Keys.Where(k => k.Use is null or "" or "sig" && (k.Kty == "EC" || (k.Kty == "RSA" && k.KeySize >= 2048)))],
        TryAllIssuerSigningKeys = false,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, until, _, _) =>
        {
            var now = clock.GetUtcNow().UtcDateTime;
            return until is { } end && end + Skew > now && end <= now + Longest + Skew && (from is not { } start || start - Skew <= now);
        },
    };

    private async Task<bool> IsFirstUseAsync(string client, string id, DateTime until, CancellationToken ct)
    {
        try
        {
            var now = clock.GetUtcNow();
            // Kept a little longer than it counts, and those that count no more are forgotten.
            var row = new { Client = client, Sha = Tickets.Hash(id), Expires = (new DateTimeOffset(until, TimeSpan.Zero) + Longest).ToUs(), Now = now.ToUs() };
            await db.WriteAsync(async (connection, transaction) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(ForgetSql, row, transaction, cancellationToken: ct));
                return await connection.ExecuteAsync(new CommandDefinition(UseSql, row, transaction, cancellationToken: ct));
            }, ct);
            return true;
        }
        catch (DbException e) when (Db.IsUniqueViolation(e))
        {
            return false;
        }
    }

    private const string ForgetSql = "DELETE FROM acc_jti WHERE expires < @Now";
    private const string UseSql = "INSERT INTO acc_jti(client, sha, expires) VALUES (@Client, @Sha, @Expires)";
}
