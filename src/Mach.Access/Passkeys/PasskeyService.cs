using System.Text.Json;
using Dapper;
using Mach.Access.SignIn;
using Mach.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mach.Access.Passkeys;

/// <summary>One passkey, as its owner sees it.</summary>
/// <param name="Id">Credential id, base64url.</param>
/// <param name="Synced">The passkey is or may be copied between devices of its owner.</param>
public sealed record PasskeyInfo(string Id, string Name, DateTimeOffset Made, DateTimeOffset? Used, bool Synced);

/// <summary>
/// Passkeys: .NET's own verification (<see cref="PasskeyHandler{TUser}"/>) over our accounts. A passkey is asked to verify its holder
/// (fingerprint, face, PIN of the device), and so is both steps in one.
/// </summary>
/// <remarks>Source: W3C Web Authentication Level 2 §7.1, §7.2; NIST SP 800-63B-4 §3.1.7.</remarks>
public sealed class PasskeyService : IDisposable
{
    /// <summary>How many passkeys one account may have.</summary>
    public const int Most = 10;

    private readonly Db _db;
    private readonly PasskeyUsers _users;
    private readonly Notices _notices;
    private readonly UserManager<PasskeyUser> _manager;
    private readonly PasskeyHandler<PasskeyUser> _handler;

    internal PasskeyService(Db db, PasskeyUsers users, Notices notices, IServiceProvider services, ILogger<UserManager<PasskeyUser>> logger)
    {
        (_db, _users, _notices) = (db, users, notices);
        _manager = new UserManager<PasskeyUser>(users, Options.Create(new IdentityOptions()), new PasswordHasher<PasskeyUser>(), [], [], new Plain(), new IdentityErrorDescriber(), services, logger);
        _handler = new PasskeyHandler<PasskeyUser>(_manager, Options.Create(new IdentityPasskeyOptions
        {
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            AuthenticatorTimeout = TimeSpan.FromMinutes(3),
            ChallengeSize = 32,
            ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && IsOurs(context.Origin, context.HttpContext.Request)),
        }));
    }

    public async Task<IReadOnlyList<PasskeyInfo>> ListAsync(string account, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<PasskeyRow>(new CommandDefinition(PasskeyRow.ListSql, new { Account = account }, cancellationToken: ct));
        return [.. rows.Select(r => new PasskeyInfo(r.Credential, r.Name, Instants.FromUs(r.Made), r.Used is { } at ? Instants.FromUs(at) : null, r.BackupEligible != 0))];
    }

    /// <summary>Takes one of the person's own away; false when they have none with that id.</summary>
    public async Task<bool> RemoveAsync(HttpContext context, string id, CancellationToken ct)
    {
        var account = context.User.AccountName();
        var removed = await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            new CommandDefinition(PasskeyRow.RemoveSql, new { Account = account, Credential = id }, transaction, cancellationToken: ct)), ct) > 0;
        if (removed)
        {
            await _notices.AddAsync(context, account, Notices.PasskeyRemoved, ct);
        }

        return removed;
    }

    /// <summary>What the browser needs to make a passkey, and the state to be given back with it.</summary>
    internal async Task<(string Options, string? State)> BeginAddAsync(HttpContext context, CancellationToken ct)
    {
        var user = await _users.OfAsync(context.User.AccountName(), ct);
        var made = await _handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = user.Handle, Name = user.Name, DisplayName = user.Display }, context);
        return (made.CreationOptionsJson, made.AttestationState);
    }

    /// <summary>Keeps the passkey when what the authenticator answered holds; else null or why not.</summary>
    internal async Task<string?> AddAsync(HttpContext context, string credential, string? state, string name, CancellationToken ct)
    {
        var user = await _users.OfAsync(context.User.AccountName(), ct);
        var result = await GuardAsync(() => _handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential, AttestationState = state }));
        if (result is not { Succeeded: true } || result.UserEntity.Id != user.Handle)
        {
            return "invalid";
        }

        if (!result.Passkey.IsUserVerified)
        {
            return "unverified";
        }

        if ((await _users.GetPasskeysAsync(user, ct)).Count >= Most)
        {
            return "many";
        }

        result.Passkey.Name = name.Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, 60)] : Devices.Name(context.Request.Headers.UserAgent);
        await _users.AddOrUpdatePasskeyAsync(user, result.Passkey, ct);
        return null;
    }

    /// <summary>What the browser needs to use a passkey; with an account only its own are asked for.</summary>
    internal async Task<(string Options, string? State)> BeginUseAsync(HttpContext context, string? account, CancellationToken ct)
    {
        var user = account is null ? null : await _users.OfAsync(account, ct);
        var made = await _handler.MakeRequestOptionsAsync(user!, context);
        return (made.RequestOptionsJson, made.AssertionState);
    }

    /// <summary>The account whose passkey answered rightly, verified its holder, and did not count backwards; else null.</summary>
    internal async Task<string?> UseAsync(HttpContext context, string credential, string? state, CancellationToken ct)
    {
        var result = await GuardAsync(() => _handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential, AssertionState = state }));
        if (result is not { Succeeded: true, User: { } user } || !result.Passkey.IsUserVerified)
        {
            return null;
        }

        await _users.AddOrUpdatePasskeyAsync(user, result.Passkey, ct);
        return user.Name;
    }

    public void Dispose() => _manager.Dispose();

    /// <summary>
    /// The page that asked the authenticator was one of this very address. Plain http counts where the request came so (a demonstration on
    /// the loopback address, the only one where browsers allow it), https always: a proxy may have taken the encryption off.
    /// </summary>
    internal static bool IsOurs(string? origin, HttpRequest request) =>
        request.Host.HasValue && (origin == $"https://{request.Host.Value}" || origin == $"{request.Scheme}://{request.Host.Value}");

    /// <summary>Whatever cannot be read is a wrong answer, not a fault of ours.</summary>
    private static async Task<T?> GuardAsync<T>(Func<Task<T>> check) where T : class
    {
        try
        {
            return await check();
        }
        catch (Exception e) when (e is JsonException or FormatException or PasskeyException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Account names are folded already.</summary>
    private sealed class Plain : ILookupNormalizer
    {
        public string? NormalizeEmail(string? email) => email;
        public string? NormalizeName(string? name) => name;
    }
}
