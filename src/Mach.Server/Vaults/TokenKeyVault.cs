using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Mach.Store.Sealing;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.MechanismParams;
using ISession = Net.Pkcs11Interop.HighLevelAPI.ISession;

namespace Mach.Server.Vaults;

/// <summary>
/// Keys inside a hardware security module or a token, by PKCS#11 2.40: AES-256 keys that are sensitive and cannot be taken out; the module itself wraps and unwraps
/// data keys with AES-GCM. A key is called by its CKA_ID.
/// </summary>
/// <param name="module">Path of the module's library, such as /usr/lib/softhsm/libsofthsm2.so.</param>
/// <param name="token">Label of the token.</param>
/// <param name="pin">Gives the user's PIN when a session begins.</param>
internal sealed class TokenKeyVault(string module, string token, Func<string> pin) : IKeyVault, IDisposable
{
    /// <summary>What names of its keys begin with.</summary>
    public const string Prefix = "token:";

    private const int IdBytes = 8, KeyBytes = 32, NonceBytes = 12, TagBytes = 16;
    private const string LabelPrefix = "mach.store.";
    private static readonly Pkcs11InteropFactories Factories = new();
    private readonly Lock _one = new();

    /// <summary>The library asks for libdl by the name that only development packages bring; the C library's own has a number.</summary>
    static TokenKeyVault() => NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, static (name, _, _) =>
        OperatingSystem.IsLinux() && name is "libdl" or "libdl.so" ? NativeLibrary.Load("libdl.so.2") : 0);

    private IPkcs11Library? _library;

    public string Name => $"{token} ({module})";

    public bool Has(string key) => InSession(session => Find(session, key) is not null);

    public (string Key, byte[] Wrapped) Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context)
    {
        var (plain, about) = (dataKey.ToArray(), context.ToArray());
        return InSession(session =>
        {
            var key = Newest(session) ?? Make(session);
            var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
            using var gcm = Gcm(nonce, about);
            using var mechanism = Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, gcm);
            return (NameOf(session, key), (byte[])[.. nonce, .. session.Encrypt(mechanism, key, plain)]);
        });
    }

    public byte[] Unwrap(string key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context)
    {
        var (sealedKey, about) = (wrapped.ToArray(), context.ToArray());
        return InSession(session =>
        {
            if (Find(session, key) is not { } handle)
            {
                throw new KeyVaultException($"Thiết bị khóa {Name} không có khóa {key} / the token {Name} does not hold the key {key}. Give the token of this store, or restore the key from the module's own backup.");
            }

            try
            {
                using var gcm = Gcm(sealedKey[..Math.Min(NonceBytes, sealedKey.Length)], about);
                using var mechanism = Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, gcm);
                return session.Decrypt(mechanism, handle, sealedKey[Math.Min(NonceBytes, sealedKey.Length)..]);
            }
            catch (Pkcs11Exception e)
            {
                throw new KeyVaultException($"Khóa {key} không mở được khóa dữ liệu / the key {key} does not open the wrapped data key ({Encoding.UTF8.GetString(about)}): the row in table data_key was changed.", e);
            }
        });
    }

    public string MakeKey() => InSession(session => NameOf(session, Make(session)));

    public void Dispose() => _library?.Dispose();

    private static ICkGcmParams Gcm(byte[] nonce, byte[] context) =>
        Factories.MechanismParamsFactory.CreateCkGcmParams(nonce, (ulong)nonce.Length * 8, context, TagBytes * 8);

    /// <summary>One session at a time: data keys are unwrapped when they are first met, not with every body.</summary>
    private T InSession<T>(Func<ISession, T> work)
    {
        lock (_one)
        {
            try
            {
                _library ??= Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, module, AppType.MultiThreaded);
                var slot = _library.GetSlotList(SlotsType.WithTokenPresent).Find(s => s.GetTokenInfo() is { TokenFlags.TokenInitialized: true } info && info.Label.Trim() == token)
                    ?? throw new KeyVaultException($"Không thấy thiết bị khóa '{token}' / there is no token '{token}' at {module}. Is it plugged in, and its label the one in vault.json?");
                using var session = slot.OpenSession(SessionType.ReadWrite);
                SignIn(session);
                return work(session);
            }
            catch (Pkcs11Exception e)
            {
                throw new KeyVaultException($"Thiết bị khóa {Name} từ chối / the token {Name} refuses: {e.Method} {e.RV}.{(e.RV is CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_LOCKED ? " Look at the PIN in pinFile; too many wrong ones lock the token." : "")}", e);
            }
            catch (Exception e) when (e is UnmanagedException or DllNotFoundException or BadImageFormatException)
            {
                throw new KeyVaultException($"Không nạp được mô-đun PKCS#11 / the PKCS#11 module cannot be loaded: {module} ({e.Message}).", e);
            }
        }
    }

    private void SignIn(ISession session)
    {
        try
        {
            session.Login(CKU.CKU_USER, pin());
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // A login is the process's, not the session's.
        }
    }

    private static IObjectHandle? Find(ISession session, string key)
    {
        var digits = key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : "";
        return digits.Length == IdBytes * 2 && digits.All(char.IsAsciiHexDigitLower)
            ? session.FindAllObjects([.. Ours(), Factories.ObjectAttributeFactory.Create(CKA.CKA_ID, Convert.FromHexString(digits))]).FirstOrDefault()
            : null;
    }

    /// <summary>The label carries when it was made.</summary>
    private static IObjectHandle? Newest(ISession session) =>
        session.FindAllObjects([.. Ours()])
            .Select(handle => (handle, Label: session.GetAttributeValue(handle, [CKA.CKA_LABEL])[0].GetValueAsString()))
            .Where(k => k.Label.StartsWith(LabelPrefix, StringComparison.Ordinal))
            .OrderByDescending(k => k.Label, StringComparer.Ordinal).Select(k => k.handle).FirstOrDefault();

    private static IObjectHandle Make(ISession session)
    {
        using var generation = Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        var attributes = Factories.ObjectAttributeFactory;
        return session.GenerateKey(generation,
        [
            .. Ours(),
            attributes.Create(CKA.CKA_TOKEN, true),
            attributes.Create(CKA.CKA_PRIVATE, true),
            attributes.Create(CKA.CKA_SENSITIVE, true),
            attributes.Create(CKA.CKA_EXTRACTABLE, false),
            attributes.Create(CKA.CKA_ENCRYPT, true),
            attributes.Create(CKA.CKA_DECRYPT, true),
            attributes.Create(CKA.CKA_VALUE_LEN, (ulong)KeyBytes),
            attributes.Create(CKA.CKA_ID, RandomNumberGenerator.GetBytes(IdBytes)),
            attributes.Create(CKA.CKA_LABEL, LabelPrefix + TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyyMMddHHmmssfffffff", CultureInfo.InvariantCulture)),
        ]);
    }

    private static IEnumerable<IObjectAttribute> Ours() =>
    [
        Factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY),
        Factories.ObjectAttributeFactory.Create(CKA.CKA_KEY_TYPE, CKK.CKK_AES),
    ];

    private static string NameOf(ISession session, IObjectHandle key) =>
        Prefix + Convert.ToHexStringLower(session.GetAttributeValue(key, [CKA.CKA_ID])[0].GetValueAsByteArray());
}
