using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Mach.Access.SignIn;
using Mach.Data;
using Microsoft.AspNetCore.DataProtection;

namespace Mach.Access.External;

/// <summary>A person of a provider, bound to an account.</summary>
public sealed record ExternalBinding(string Issuer, string Subject, string Account, string BoundBy, DateTimeOffset Bound);

/// <summary>The configured providers, and which of their people are which accounts. Nobody is let in by a name or mail address: only by a subject that an administrator bound.</summary>
/// <remarks>Source: OpenID Connect Core 1.0 §5.7 (only issuer and subject together name a person); OWASP ASVS 5.0 V10.5.2.</remarks>
public sealed class Providers
{
    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly IDataProtector _protector;
    private readonly Notices _notices;
    private readonly Dictionary<string, Provider> _all;

    internal Providers(Db db, TimeProvider clock, IDataProtectionProvider protection, Notices notices, AccessOptions options)
    {
        (_db, _clock, _notices) = (db, clock, notices);
        _protector = protection.CreateProtector("mach.external.refused");
        _all = options.Providers.ToDictionary(p => p.Id, p => new Provider(p, new HttpClient(options.ProviderTransport ?? new HttpClientHandler { AllowAutoRedirect = false }, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1 << 20 }, clock), StringComparer.Ordinal);
    }

    /// <summary>As configured, in that order.</summary>
    public IReadOnlyList<ProviderOptions> All => [.. _all.Values.Select(p => p.Options)];

    internal Provider? Find(string id) => _all.GetValueOrDefault(id);

    public async Task<IReadOnlyList<ExternalBinding>> ListAsync(CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(ListSql, cancellationToken: ct));
        return [.. rows.Select(r => new ExternalBinding(r.Issuer, r.Subject, r.Account, r.BoundBy, Instants.FromUs(r.Bound)))];
    }

    /// <summary>Binds a subject of a configured provider to an account.</summary>
    /// <exception cref="AccountRuleException">Unknown provider or account, no subject, or the subject is bound already.</exception>
    public async Task AttachAsync(string providerId, string subject, string account, string by, CancellationToken ct)
    {
        subject = subject.Trim();
        if (Find(providerId) is not { } provider || subject.Length is 0 or > 255)
        {
            throw new AccountRuleException(new("provider.subject", "Hãy chọn nhà cung cấp và nhập mã định danh của người đó ở nhà cung cấp.", "Choose the provider and give the person's identifier there."));
        }

        try
        {
            var row = new { provider.Options.Issuer, Subject = subject, Account = AccountRules.Fold(account), By = by, Now = _clock.GetUtcNow().ToUs() };
            var bound = await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(BindSql, row, transaction, cancellationToken: ct)), ct);
            if (bound == 0)
            {
                throw new AccountRuleException(new("unknown", $"Không có tài khoản {account}.", $"There is no account {account}."));
            }

            await _notices.AddAsync(row.Account, Notices.ProviderBound, null, null, ct);
        }
        catch (DbException e) when (Db.IsUniqueViolation(e))
        {
            throw new AccountRuleException(new("provider.taken", "Mã định danh này đã gắn với một tài khoản; hãy bỏ gắn trước.", "This identifier is bound to an account; take that away first."));
        }
    }

    /// <summary>Takes every binding of an account away.</summary>
    public Task DetachAsync(string account, CancellationToken ct) =>
        _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(UnbindSql, new { Account = AccountRules.Fold(account) }, transaction, cancellationToken: ct)), ct);

    /// <summary>The open account that this person of the provider is; null when nobody bound one.</summary>
    internal async Task<string?> AccountAsync(string issuer, string subject, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(FindSql, new { Issuer = issuer, Subject = subject }, cancellationToken: ct));
    }

    /// <summary>An unknown subject, sealed, so that the page can show the person what to tell the administrator and nobody can make it show something else.</summary>
    internal string Seal(string subject) => _protector.Protect(subject);

    /// <summary>What <see cref="Seal"/> sealed; null when it was not us.</summary>
    public string? Open(string? text)
    {
        try
        {
            return text is { Length: > 0 and < 2048 } ? _protector.Unprotect(text) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed class Row
    {
        public string Issuer { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Account { get; init; } = "";
        public string BoundBy { get; init; } = "";
        public long Bound { get; init; }
    }

    private const string ListSql = "SELECT issuer, subject, account, bound_by AS BoundBy, bound FROM acc_external ORDER BY account, issuer, subject";
    private const string BindSql = """
        INSERT INTO acc_external(issuer, subject, account, bound_by, bound)
        SELECT @Issuer, @Subject, name, @By, @Now FROM acc_account WHERE name = @Account
        """;
    private const string UnbindSql = "DELETE FROM acc_external WHERE account = @Account";
    private const string FindSql = """
        SELECT e.account FROM acc_external e JOIN acc_account a ON a.name = e.account
        WHERE e.issuer = @Issuer AND e.subject = @Subject AND a.disabled IS NULL
        """;
}
