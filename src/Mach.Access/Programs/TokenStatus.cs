using Dapper;
using Mach.Access.Tokens;
using Mach.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Access.Programs;

/// <summary>POST /oauth/revoke and POST /oauth/introspect: a program gives tokens back, or asks about them; about its own alone.</summary>
/// <remarks>Source: RFC 7009 §2; RFC 7662 §2; SMART App Launch 2.1, "Token Introspection".</remarks>
internal sealed class TokenStatus(Db db, TimeProvider clock, Tickets tickets, Authorizations authorizations, IdTokens ids)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/oauth/revoke", RevokeAsync).WithName("acc-oauth-revoke").AllowAnonymous().RequireRateLimiting(Policies.SignInRate).DisableAntiforgery();
        routes.MapPost("/oauth/introspect", IntrospectAsync).WithName("acc-oauth-introspect").AllowAnonymous().RequireRateLimiting(Policies.SignInRate).DisableAntiforgery();
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, ClientProofs proofs, TokenStatus status, CancellationToken ct)
    {
        var (client, text, refusal) = await ReadAsync(context, proofs, ct);
        if (client is null)
        {
            return refusal!;
        }

        // A token that is another's, or none, is answered alike: whoever asks learns nothing (RFC 7009 §2.2).
        if (await status.FindAsync(text, client.Id, ct) is { } found)
        {
            await (found.Family is { } family ? status.EndFamilyAsync(family, ct) : status.EndTokenAsync(text, ct));
        }

        return Results.Ok();
    }

    private static async Task<IResult> IntrospectAsync(HttpContext context, ClientProofs proofs, TokenStatus status, CancellationToken ct)
    {
        var (client, text, refusal) = await ReadAsync(context, proofs, ct);
        return client is null ? refusal!
            : client.IsPublic ? OAuthAnswers.InvalidClient(context)
            : Results.Json(await status.DescribeAsync(context, text, client.Id, ct));
    }

    private static async Task<(ProvenClient? Client, string Token, IResult? Refusal)> ReadAsync(HttpContext context, ClientProofs proofs, CancellationToken ct)
    {
        OAuthAnswers.NotKept(context);
        if (await OAuthAnswers.ReadFormAsync(context, ct) is not { } form || form["token"].ToString() is not { Length: > 0 } text)
        {
            return (null, "", OAuthAnswers.Invalid("token is needed, in application/x-www-form-urlencoded, every parameter once at most."));
        }

        var (client, refusal) = await proofs.CheckAsync(context, form, ct);
        return (client, text, refusal);
    }

    private Task EndTokenAsync(string text, CancellationToken ct) => tickets.RevokeAsync(text, ct);

    private Task EndFamilyAsync(string family, CancellationToken ct) => authorizations.EndAsync(family, ct);

    private async Task<Dictionary<string, object>> DescribeAsync(HttpContext context, string text, string client, CancellationToken ct)
    {
        var answer = new Dictionary<string, object> { ["active"] = false };
        var found = await FindAsync(text, client, ct);
        if (found is null || found.Used is not null || found.Expires <= clock.GetUtcNow().ToUs() || (!found.IsRefresh && await tickets.FindAsync(text, session: false, ct) is null))
        {
            return answer;
        }

        answer["active"] = true;
        answer["iss"] = Issuer.Of(context);
        answer["client_id"] = client;
        answer["sub"] = found.Subject;
        answer["scope"] = found.Scopes;
        answer["exp"] = found.Expires / 1_000_000;
        answer["iat"] = found.Issued / 1_000_000;
        if (!found.IsRefresh)
        {
            answer["token_type"] = "Bearer";
            answer["aud"] = Issuer.FhirBase(context);
        }

        Add("patient", found.Patient);
        if (found.Cnf is { } bound)
        {
            answer["cnf"] = new Dictionary<string, string> { ["x5t#S256"] = bound };
        }

        if (found.Family is not null && Scopes.Split(found.Scopes).Contains(Scopes.FhirUser) && await ids.FhirUserAsync(found.Subject, ct) is { } user)
        {
            Add("fhirUser", $"{Issuer.FhirBase(context)}/{user}");
        }

        return answer;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                answer[name] = value;
            }
        }
    }

    private async Task<Row?> FindAsync(string text, string client, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var key = new { Sha = Tickets.Hash(text), Client = client };
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(FindTokenSql, key, cancellationToken: ct))
            ?? await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(FindRefreshSql, key, cancellationToken: ct));
    }

    private sealed class Row
    {
        public string Subject { get; init; } = "";
        public string Scopes { get; init; } = "";
        public long Issued { get; init; }
        public long Expires { get; init; }
        public string? Family { get; init; }
        public string? Patient { get; init; }
        public string? Cnf { get; init; }
        public long? Used { get; init; }
        public long Refresh { get; init; }
        public bool IsRefresh => Refresh > 0;
    }

    private const string FindTokenSql = """
        SELECT subject, scopes, issued, expires, family, patient, cnf, 0 AS Refresh FROM acc_token
        WHERE sha = @Sha AND ((kind = 'client' AND subject = @Client) OR (kind = 'user' AND client = @Client))
        """;
    private const string FindRefreshSql = """
        SELECT f.account AS Subject, f.scopes, r.made AS Issued, f.expires, f.id AS Family, r.used, 1 AS Refresh
        FROM acc_refresh r JOIN acc_family f ON f.id = r.family WHERE r.sha = @Sha AND f.client = @Client
        """;
}
