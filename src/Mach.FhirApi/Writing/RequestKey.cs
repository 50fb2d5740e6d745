using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mach.Kernel;
using Mach.Store;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Writing;

/// <summary>
/// Idempotency-Key: the same request of the same client again gets the first answer and writes nothing. The store keeps the key with the commit.
/// That a key belongs to one request is a claim on the key, held by an id that follows from the request.
/// </summary>
/// <remarks>Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ §2.</remarks>
internal sealed class RequestKey
{
    private const int MaxLength = 255;

    private RequestKey(string scope, byte[] digest)
    {
        Text = $"fhir|{scope}|{Convert.ToHexStringLower(digest)}";
        Claim = new UniqueClaim($"fhir-key|{scope}", "Basic", "key-" + Convert.ToHexStringLower(digest.AsSpan(0, 24)));
    }

    /// <summary>Key for the store: client, key and request together.</summary>
    public string Text { get; }

    public UniqueClaim Claim { get; }

    /// <returns>Null when the request has no key.</returns>
    /// <exception cref="FhirProblem">400: not 1–255 visible ASCII characters.</exception>
    public static RequestKey? Of(FhirCall call, ReadOnlyMemory<byte> body)
    {
        var request = call.Context.Request;
        if (!request.Headers.TryGetValue("Idempotency-Key", out var values))
        {
            return null;
        }

        var key = values.ToString().Trim();
        if (key.Length is 0 or > MaxLength || key.Any(c => c is < ' ' or > '~'))
        {
            throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", $"Idempotency-Key is 1–{MaxLength} visible ASCII characters.", "Idempotency-Key");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (string[])[request.Method, request.Path.Value ?? "", request.QueryString.Value ?? "", request.Headers.IfMatch.ToString(), request.Headers["If-None-Exist"].ToString(), request.ContentType ?? ""])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part + "\n"));
        }

        hash.AppendData(body.Span);
        return new RequestKey($"{call.Actor}|{key}", hash.GetHashAndReset());
    }

    /// <summary>Id of the n-th new resource: the same when the request comes again.</summary>
    public string NewId(int n) => Ids.Derive("fhir-new", Text, n.ToString(CultureInfo.InvariantCulture));

    public static FhirProblem Reused() =>
        new(StatusCodes.Status422UnprocessableEntity, "business-rule", "This Idempotency-Key was used for another request; take a new one.", "Idempotency-Key");
}
