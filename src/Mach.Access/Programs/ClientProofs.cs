using System.Globalization;
using System.Text;
using Mach.Access.SignIn;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Programs;

/// <summary>Who calls an endpoint of programs, and how that was proved.</summary>
/// <param name="Certificate">Hash of the certificate that was the proof: tokens are bound to it.</param>
internal sealed record ProvenClient(ClientRow Row, string? Certificate)
{
    public string Id => Row.Id;

    public bool IsPublic => Row.Uses(ClientMethods.None);
}

/// <summary>Asks a program who it is: by one way, the one that it is registered with.</summary>
/// <remarks>Source: RFC 6749 §2.3; RFC 7523 §2.2; RFC 8705 §2; RFC 9700 §2.5.</remarks>
internal sealed class ClientProofs(AccessOptions options, PasswordCheck secrets, SignedStatements statements, Clients clients, Throttle throttle, AccessLog log, TimeProvider clock)
{
    /// <summary>The program, or the answer that refuses it.</summary>
    public async Task<(ProvenClient? Client, IResult? Refusal)> CheckAsync(HttpContext context, IFormCollection form, CancellationToken ct)
    {
        var (client, refusal) = await ByProofAsync(context, form, ct);
        if (client is not { Row.Bound: > 0, Certificate: null })
        {
            return (client, refusal);
        }

        // Bound whatever its proof (RFC 8705 §3.4): a connection without a certificate gets nothing.
        return await context.Connection.GetClientCertificateAsync(ct) is { } certificate && Certificates.IsInTime(certificate, clock.GetUtcNow())
            ? (client with { Certificate = Certificates.Thumbprint(certificate) }, null)
            : (null, OAuthAnswers.Error(StatusCodes.Status401Unauthorized, "invalid_client", "This client asks over a connection with a certificate (mtls_endpoint_aliases)."));
    }

    private async Task<(ProvenClient?, IResult?)> ByProofAsync(HttpContext context, IFormCollection form, CancellationToken ct)
    {
        if (!TryReadSecret(context, form, out var id, out var secret))
        {
            return (null, OAuthAnswers.InvalidClient(context));
        }

        var statement = form["client_assertion"].ToString();
        if ((secret.Length > 0 ? 1 : 0) + (statement.Length > 0 ? 1 : 0) > 1 || (context.Request.Headers.Authorization.Count > 0 && form["client_secret"].Count > 0))
        {
            return (null, OAuthAnswers.Invalid("Use one way of client authentication, not two."));
        }

        if (secret.Length > 0)
        {
            return await BySecretAsync(context, id, secret, ct);
        }

        return statement.Length > 0 ? await ByStatementAsync(context, form, statement, ct) : await ByConnectionAsync(context, id, ct);
    }

    private async Task<(ProvenClient?, IResult?)> BySecretAsync(HttpContext context, string id, string secret, CancellationToken ct)
    {
        var (client, wait) = await secrets.ClientAsync(id, secret, context.ClientAddress(), ct);
        return client is null ? Refused(context, wait) : (new(client, null), null);
    }

    private async Task<(ProvenClient?, IResult?)> ByStatementAsync(HttpContext context, IFormCollection form, string statement, CancellationToken ct)
    {
        if (form["client_assertion_type"] != SignedStatements.Type)
        {
            return (null, OAuthAnswers.Invalid($"client_assertion_type must be {SignedStatements.Type}."));
        }

        var id = SignedStatements.ClientOf(statement);
        if (id is null || (form["client_id"].Count > 0 && form["client_id"] != id))
        {
            return Refused(context, TimeSpan.Zero);
        }

        return await ThrottledAsync(context, id, async client => client.Uses(ClientMethods.SignedStatement)
            && await statements.IsFromAsync(client, statement, [Issuer.Of(context), Issuer.TokenAddress(context)], ct) ? new(client, null) : null, ct);
    }

    private Task<(ProvenClient?, IResult?)> ByConnectionAsync(HttpContext context, string id, CancellationToken ct) =>
        id.Length == 0 ? Task.FromResult(Refused(context, TimeSpan.Zero)) : ThrottledAsync(context, id, async client =>
        {
            if (client.Uses(ClientMethods.None))
            {
                return new(client, null);
            }

            var certificate = await context.Connection.GetClientCertificateAsync(ct);
            return certificate is not null && Certificates.IsOf(certificate, client, options.CertificateAuthorities, clock.GetUtcNow()) ? new(client, Certificates.Thumbprint(certificate)) : null;
        }, ct);

    private async Task<(ProvenClient?, IResult?)> ThrottledAsync(HttpContext context, string id, Func<ClientRow, Task<ProvenClient?>> check, CancellationToken ct)
    {
        var (key, address) = ("client:" + id, context.ClientAddress());
        if (throttle.Wait(key, address) is var wait && wait > TimeSpan.Zero)
        {
            return Refused(context, wait);
        }

        var row = await clients.RowAsync(id, ct);
        var proven = row is { Disabled: null } ? await check(row) : null;
        if (proven is null)
        {
            throttle.Failed(key, address);
        }
        else
        {
            throttle.Succeeded(key, address);
        }

        if (proven is not { IsPublic: true })
        {
            await log.RecordAsync(new AccessEvent(row?.Id ?? "?", "client-token", proven is null ? AccessOutcome.Failed : AccessOutcome.Ok, Address: address), ct);
        }

        return proven is null ? Refused(context, TimeSpan.Zero) : (proven, null);
    }

    private static (ProvenClient?, IResult?) Refused(HttpContext context, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return (null, OAuthAnswers.InvalidClient(context));
    }

    private static bool TryReadSecret(HttpContext context, IFormCollection form, out string id, out string secret)
    {
        (id, secret) = (form["client_id"].ToString(), form["client_secret"].ToString());
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..].Trim())).Split(':', 2);
            if (pair.Length != 2)
            {
                return false;
            }

            // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
            var named = Uri.UnescapeDataString(pair[0].Replace('+', ' '));
            if (id.Length > 0 && id != named)
            {
                return false;
            }

            (id, secret) = (named, Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
            return id.Length > 0 && secret.Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
