using Microsoft.Extensions.Logging;

namespace Mach.Access.SignIn;

/// <summary>Looks at a name and a password (or a client's secret): throttled, in even time, and written into the access log.</summary>
internal sealed class PasswordCheck(Accounts accounts, AccessLog log, Throttle throttle, ILogger<PasswordCheck> logger)
{
    /// <summary>The account when name and password are right; else null and how long to wait (zero = they were wrong).</summary>
    /// <param name="portal">A portal client: the password may come as its MD5 in hex, and the account must be one that sends.</param>
    public async Task<(Account? Account, TimeSpan Wait)> AccountAsync(string name, string password, string address, bool portal, CancellationToken ct)
    {
        var folded = AccountRules.Fold(name);
        var wait = throttle.Wait(folded, address);
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
        await EndAsync(right, account?.Name, folded, portal ? "portal-token" : "sign-in", address, ct);
        if (right && portal && row!.PasswordMd5 is null)
        {
            await accounts.RememberMd5Async(row.Name, password, ct);
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
        var right = Passwords.Verify(client?.Secret ?? Passwords.Nobody, secret) && client is { Disabled: null };
        await EndAsync(right, client?.Id, key, "client-token", address, ct);
        return (right ? client : null, TimeSpan.Zero);
    }

    private async Task EndAsync(bool right, string? knownName, string key, string action, string address, CancellationToken ct)
    {
        if (right)
        {
            throttle.Succeeded(key, address);
        }
        else
        {
            throttle.Failed(key, address);
            logger.SignInFailed(action);
        }

        // An unknown name is not kept: people type their password into the wrong field.
        await log.RecordAsync(new AccessEvent(knownName ?? "?", action, right ? AccessOutcome.Ok : AccessOutcome.Failed, Address: address), ct);
    }
}
