using Microsoft.AspNetCore.Http;

namespace Mach.Access.SignIn;

/// <summary>A person changes their own password.</summary>
/// <remarks>Source: OWASP ASVS 5.0 V6.2.2, V6.2.3, V7.4.3.</remarks>
public sealed class OwnPassword
{
    private readonly Accounts _accounts;
    private readonly PasswordCheck _check;
    private readonly Sessions _sessions;
    private readonly Notices _notices;
    private readonly Devices _devices;

    internal OwnPassword(Accounts accounts, PasswordCheck check, Sessions sessions, Notices notices, Devices devices) =>
        (_accounts, _check, _sessions, _notices, _devices) = (accounts, check, sessions, notices, devices);

    /// <summary>Sets a new password after the current one was given; every other session and all tokens end, the session at hand goes on under a new ticket.</summary>
    /// <exception cref="AccountRuleException">The current one is wrong, there were too many tries, or the new one is too short or too common.</exception>
    public async Task ChangeAsync(HttpContext context, string current, string replacement, CancellationToken ct)
    {
        var name = context.User.AccountName();
        var place = await _devices.PlaceAsync(context, name, ct);
        var (account, wait) = await _check.AccountAsync(name, current, context.ClientAddress(), portal: false, ct, place, "password-change");
        if (account is null)
        {
            throw new AccountRuleException(wait > TimeSpan.Zero
                ? new("wait", $"Sai nhiều lần; hãy chờ {Math.Ceiling(wait.TotalSeconds):0} giây rồi thử lại.", $"Too many wrong tries; wait {Math.Ceiling(wait.TotalSeconds):0} seconds and try again.")
                : new("password.current", "Mật khẩu hiện tại không đúng.", "The current password is wrong."));
        }

        if (current == replacement)
        {
            throw new AccountRuleException(new("password.same", "Mật khẩu mới trùng mật khẩu hiện tại.", "The new password is the current one."));
        }

        var methods = string.Join(' ', context.User.FindAll(SessionPrincipals.MethodClaim).Select(c => c.Value));
        await _accounts.SetPasswordAsync(name, replacement, ct);
        await _notices.AddAsync(context, name, Notices.PasswordChanged, ct);
        await _sessions.OpenAsync(context, name, methods.Length == 0 ? Methods.Password : methods, full: true, null, ct);
    }
}
