using Mach.Access.Programs;
using Mach.Access.SecondFactor;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mach.Access.SignIn;

/// <summary>Looks at a name and a password (or a client's secret): throttled, in even time, and written into the access log.</summary>
internal sealed class PasswordCheck(Accounts accounts, AccessLog log, Throttle throttle, SecondFactors factors, Notices notices, TimeProvider clock, ILogger<PasswordCheck> logger)
{
    /// <summary>The account when name and password are right; else null and how long to wait (zero = they were wrong).</summary>
    /// <param name="portal">A portal client: the password may come as its MD5 in hex, and the account must be one that sends.</param>
    /// <param name="place">What failures count against (<see cref="Devices.PlaceAsync"/>); the address when null.</param>
    /// <param name="action">For the access log.</param>
    public async Task<(Account? Account, TimeSpan Wait)> AccountAsync(
        string name, string password, string address, bool portal, CancellationToken ct, string? place = null, string? action = null)
    {
        var folded = AccountRules.Fold(name);
        place ??= address;
        var wait = throttle.Wait(folded, place);
        if (wait > TimeSpan.Zero)
        {
            return (null, wait);
        }

        var row = await accounts.FindRowAsync(folded, ct);
        var account = row?.ToAccount();
        var right = account is not null && Passwords.Verify(row!.Password, password);
        if (portal && !right && Passwords.LooksLikeMd5(password))
        {
            right = Passwords.Verify(row?.PasswordMd5 ?? Passwords.Nobody, password.ToUpperInvariant());
        }
        else if (account is null)
        {
            Passwords.Verify(Passwords.Nobody, password);
        }

        right = right && !account!.Disabled && (!portal || Passwords.MaySend(account.Roles));
        await EndAsync(right, account?.Name, folded, action ?? (portal ? "portal-token" : "sign-in"), address, place, ct);
        if (right && portal && row!.PasswordMd5 is null)
        {
            await accounts.RememberMd5Async(row.Name, password, ct);
        }

        if (right && !portal && Passwords.IsOutdated(row!.Password, password))
        {
            await accounts.RehashAsync(row.Name, row.Password, password, ct);
        }

        return (right ? account : null, TimeSpan.Zero);
    }

    /// <summary>The client when id and secret are right; see <see cref="AccountAsync"/>.</summary>
    public async Task<(ClientRow? Client, TimeSpan Wait)> ClientAsync(string id, string secret, string address, CancellationToken ct)
    {
        var key = "client:" + id;
        var wait = throttle.Wait(key, address);
        if (wait > TimeSpan.Zero)
        {
            return (null, wait);
        }

        var client = await accounts.FindClientAsync(id, ct);
        var right = Passwords.Verify(client?.Secret is { Length: > 0 } hash ? hash : Passwords.Nobody, secret) || (client?.FormerSecret(clock.GetUtcNow()) is { } former && Passwords.Verify(former, secret));
        right = right && client is { Disabled: null } && client.Uses(ClientMethods.Secret);
        await EndAsync(right, client?.Id, key, "client-token", address, address, ct);
        return (right ? client : null, TimeSpan.Zero);
    }

    /// <summary>The methods to note when the code of the second step is right; else null and how long to wait.</summary>
    /// <remarks>All unknown browsers together have one row of tries: a million codes must not become guessable from many addresses (ASVS 5.0 V6.6.3).
    /// Only who knows the password comes here, and a browser the owner has used keeps its own row.</remarks>
    public async Task<(string? Methods, TimeSpan Wait)> CodeAsync(string account, string code, HttpContext context, string place, string action, CancellationToken ct)
    {
        var (key, from) = ("code:" + account, place.StartsWith("device:", StringComparison.Ordinal) ? place : "*");
        var wait = throttle.Wait(key, from);
        if (wait > TimeSpan.Zero)
        {
            return (null, wait);
        }

        var method = code.Length is > 0 and <= 64 ? await factors.UseAsync(context, account, code, ct) : null;
        await EndAsync(method is not null, account, key, action, context.ClientAddress(), from, ct);
        return (method, TimeSpan.Zero);
    }

    private async Task EndAsync(bool right, string? knownName, string key, string action, string address, string place, CancellationToken ct)
    {
        if (right)
        {
            throttle.Succeeded(key, place);
        }
        else
        {
            var slowed = throttle.Failed(key, place);
            logger.SignInFailed(action);
            if (slowed && knownName is not null && action is not ("client-token" or "portal-token"))
            {
                await notices.AddAsync(knownName, Notices.Guessing, null, address, ct);
            }
        }

        // An unknown name is not kept: people type their password into the wrong field.
        await log.RecordAsync(new AccessEvent(knownName ?? "?", action, right ? AccessOutcome.Ok : AccessOutcome.Failed, Address: address), ct);
    }
}
