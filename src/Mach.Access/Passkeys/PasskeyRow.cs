using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;

namespace Mach.Access.Passkeys;

internal sealed class PasskeyRow
{
    public string Credential { get; init; } = "";
    public string Account { get; init; } = "";
    public string Name { get; init; } = "";
    public byte[] PublicKey { get; init; } = [];
    public long SignCount { get; init; }
    public string Transports { get; init; } = "";
    public long UserVerified { get; init; }
    public long BackupEligible { get; init; }
    public long BackedUp { get; init; }
    public byte[] Attestation { get; init; } = [];
    public byte[] ClientData { get; init; } = [];
    public long Made { get; init; }
    public long? Used { get; init; }

    public UserPasskeyInfo ToInfo() => new(
        Base64Url.DecodeFromChars(Credential), PublicKey, Instants.FromUs(Made), (uint)SignCount, Scopes.Split(Transports),
        UserVerified != 0, BackupEligible != 0, BackedUp != 0, Attestation, ClientData)
    { Name = Name };

    public static PasskeyRow Of(string account, UserPasskeyInfo info, DateTimeOffset now) => new()
    {
        Credential = Base64Url.EncodeToString(info.CredentialId),
        Account = account,
        Name = info.Name ?? "",
        PublicKey = info.PublicKey,
        SignCount = info.SignCount,
        Transports = string.Join(' ', info.Transports ?? []),
        UserVerified = info.IsUserVerified ? 1 : 0,
        BackupEligible = info.IsBackupEligible ? 1 : 0,
        BackedUp = info.IsBackedUp ? 1 : 0,
        Attestation = info.AttestationObject,
        ClientData = info.ClientDataJson,
        Made = info.CreatedAt.ToUs(),
        Used = now.ToUs(),
    };

    public const string ListSql = """
        SELECT credential, account, name, public_key AS PublicKey, sign_count AS SignCount, transports, user_verified AS UserVerified,
            backup_eligible AS BackupEligible, backed_up AS BackedUp, attestation, client_data AS ClientData, made, used
        FROM acc_passkey WHERE account = @Account ORDER BY made, credential
        """;
    public const string UpsertSql = """
        INSERT INTO acc_passkey(credential, account, name, public_key, sign_count, transports, user_verified, backup_eligible, backed_up, attestation, client_data, made)
        VALUES (@Credential, @Account, @Name, @PublicKey, @SignCount, @Transports, @UserVerified, @BackupEligible, @BackedUp, @Attestation, @ClientData, @Made)
        ON CONFLICT(credential) DO UPDATE SET sign_count = excluded.sign_count, user_verified = excluded.user_verified,
            backed_up = excluded.backed_up, used = @Used WHERE acc_passkey.account = excluded.account
        """;
    public const string RemoveSql = "DELETE FROM acc_passkey WHERE account = @Account AND credential = @Credential";
}
