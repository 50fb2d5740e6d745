using System.Globalization;
using System.Security.Claims;

namespace Mach.Access.SignIn;

/// <summary>What a session says about how its holder proved who they are.</summary>
public static class SessionPrincipals
{
    internal const string AuthTimeClaim = "auth_time";
    internal const string MethodClaim = "amr";
    internal const string SessionClaim = "sid";
    internal const string NoticesClaim = "notices";
    internal const string ChangeClaim = "must_change";

    /// <summary>When the holder last gave a full proof (password with second step where there is one, passkey, provider); null after a PIN, and for programs.</summary>
    /// <remarks>Source: OpenID Connect Core 1.0 §2, auth_time.</remarks>
    public static DateTimeOffset? AuthTime(this ClaimsPrincipal who) =>
        long.TryParse(who.FindFirst(AuthTimeClaim)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var us) ? Instants.FromUs(us) : null;

    /// <summary>True when one of these methods was used; see <see cref="Methods"/>.</summary>
    public static bool SignedInWith(this ClaimsPrincipal who, string method) => who.HasClaim(MethodClaim, method);

    /// <summary>Public name of the session; empty for programs.</summary>
    public static string SessionId(this ClaimsPrincipal who) => who.FindFirst(SessionClaim)?.Value ?? "";

    /// <summary>How many notices about their account this person has not seen yet.</summary>
    public static int UnseenNotices(this ClaimsPrincipal who) =>
        int.TryParse(who.FindFirst(NoticesClaim)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <summary>The session only opens the person's own account: a second step is required for their roles and not set up yet.</summary>
    public static bool MustEnrol(this ClaimsPrincipal who) => who.HasClaim(MethodClaim, Methods.Enrol);

    /// <summary>The session only opens the person's own account: somebody else chose the password, and it has to be changed first.</summary>
    public static bool MustChangePassword(this ClaimsPrincipal who) => who.HasClaim(ChangeClaim, "1");
}

/// <summary>Authentication methods. Source: RFC 8176 §2 for the first five; the others are our own.</summary>
public static class Methods
{
    public const string Password = "pwd";
    public const string Code = "otp";
    public const string Passkey = "hwk";
    public const string Pin = "pin";
    public const string Several = "mfa";
    public const string RecoveryCode = "rcv";
    public const string Provider = "ext";

    /// <summary>Not a proof but what is missing: roles are withheld until a second step is set up.</summary>
    internal const string Enrol = "enrol";
}
