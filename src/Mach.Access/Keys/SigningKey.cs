using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Mach.Access.Keys;

/// <summary>Where a key is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyState>))]
public enum KeyState
{
    /// <summary>Published so that everybody knows it in time; signs nothing yet.</summary>
    Next,

    /// <summary>Signs. There is one.</summary>
    Active,

    /// <summary>Signs no more; what it signed is still looked at, so it is published.</summary>
    Retired,

    /// <summary>All that it signed for others has ended: no longer published, but known, since the house's own statements (checkpoints) last.</summary>
    Past,

    /// <summary>Taken back, because somebody else may have it: nothing it signed counts.</summary>
    Withdrawn,
}

/// <summary>A key as it is listed; the private half is in a file of its own and goes when the key signs no more.</summary>
/// <param name="Id">Thumbprint of the public half (RFC 7638), base64url.</param>
/// <param name="X">Coordinate of the point on P-256, base64url.</param>
/// <param name="Since">When it came into this state.</param>
public sealed record SigningKey(string Id, KeyState State, DateTimeOffset Made, DateTimeOffset Since, string X, string Y)
{
    internal static SigningKey Of(ECDsa key, KeyState state, DateTimeOffset now)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return new(Thumbprint(x, y), state, now, now, x, y);
    }

    internal ECDsa Public() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
    });

    // RFC 7638 §3.2: the required members of an EC key, in this order, without blanks.
    private static string Thumbprint(string x, string y) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
}
