namespace Mach.Access;

/// <summary>How a sign-in ended: what the page at GET /sign-in gets as <c>?error=</c> (with <c>seconds=</c> for <see cref="Wait"/>).</summary>
public static class SignInResult
{
    /// <summary>Name or password is wrong, or the account is closed; not told apart.</summary>
    public const string Wrong = "wrong";

    /// <summary>Too many tries from here: wait the given seconds.</summary>
    public const string Wait = "wait";

    /// <summary>The form was too old or not ours (antiforgery): send it again.</summary>
    public const string Expired = "expired";
}
