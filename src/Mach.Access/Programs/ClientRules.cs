using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Programs;

/// <summary>What a registration must be like.</summary>
/// <remarks>Source: RFC 9700 §2.1 (redirects compared exactly, no open ones), RFC 8252 §7 and §8.4 (native programs), RFC 8705 §2, SMART App Launch 2.1 (client types).</remarks>
internal static class ClientRules
{
    private const int MaxAddress = 500;

    public static AccountProblem? Check(Client client)
    {
        if (AccountRules.CheckName(client.Id) is { } badName)
        {
            return badName;
        }

        if (client.Name.Trim().Length is 0 or > 100 || client.Operator.Trim().Length is 0 or > 200)
        {
            return new("program.name", "Hãy ghi tên ứng dụng (đến 100 ký tự) và đơn vị vận hành (đến 200 ký tự): người dùng thấy chúng khi được hỏi.", "Give the name of the program (up to 100 characters) and who runs it (up to 200): people see both when they are asked.");
        }

        if (!ClientMethods.All.Contains(client.Method))
        {
            return new("program.method", "Hãy chọn cách ứng dụng chứng minh danh tính.", "Choose how the program proves who it is.");
        }

        if (client.Redirects.FirstOrDefault(r => !IsRedirect(r)) is { } redirect)
        {
            return new("program.redirect", $"“{Cut(redirect)}” không dùng làm địa chỉ quay lại được: cần https:// không có # và tên người dùng; http:// chỉ cho 127.0.0.1 hoặc [::1]; hoặc một lược đồ riêng có dấu chấm.",
                $"'{Cut(redirect)}' cannot be led back to: write https:// without # and user names; http:// for 127.0.0.1 or [::1] alone; or a scheme of its own with a dot in it.");
        }

        if (client.LaunchAddress is { } launch && !(IsWeb(launch, out var address) && address.Scheme == Uri.UriSchemeHttps || IsLoopback(launch)))
        {
            return new("program.launch", "Địa chỉ mở ứng dụng phải là https:// (hoặc http:// của 127.0.0.1).", "The address that opens the program must be https:// (or http:// of 127.0.0.1).");
        }

        return CheckScopes(client) ?? CheckProof(client) ?? CheckPlace(client.Facility, client.Purpose);
    }

    /// <summary>Redirects are compared letter by letter; only the port of the own machine may differ, since a native program takes a free one (RFC 8252 §7.3).</summary>
    public static bool IsSameRedirect(string registered, string asked)
    {
        if (string.Equals(registered, asked, StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var host in new[] { "http://127.0.0.1", "http://[::1]" })
        {
            if (registered.StartsWith(host, StringComparison.Ordinal) && asked.StartsWith(host, StringComparison.Ordinal)
                && WithoutPort(registered[host.Length..]) is { } one && WithoutPort(asked[host.Length..]) is { } other)
            {
                return string.Equals(one, other, StringComparison.Ordinal);
            }
        }

        return false;
    }

    private static string? WithoutPort(string rest)
    {
        if (!rest.StartsWith(':'))
        {
            return rest.StartsWith('/') ? rest : null;
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash is > 1 and <= 6 && rest[1..slash].All(char.IsAsciiDigit) ? rest[slash..] : null;
    }

    /// <summary>Where a program acts and why: known ones, and no place without a reason.</summary>
    public static AccountProblem? CheckPlace(string? facility, string? purpose) =>
        AccountRules.CheckFacility(facility) is { } problem ? problem
        : purpose is not null && ClientPurposes.Of(purpose) is null ? new("program.purpose", $"Mục đích là một trong: {string.Join(", ", ClientPurposes.All)}.", $"The purpose is one of {string.Join(", ", ClientPurposes.All)}.")
        : facility is not null && purpose is null ? new("program.purpose", "Ứng dụng của một cơ sở cần có mục đích.", "A program of a facility needs a purpose.")
        : null;

    /// <summary>A program that reads the record for itself says why, so that the decisions of people can be held against it.</summary>
    public static AccountProblem? CheckAim(Client client) => client.ReadsForItself && client.Purpose is null
        ? new("program.purpose", "Ứng dụng tự đọc hồ sơ phải có mục đích: quyết định của người dân được áp dụng theo mục đích ấy.", "A program that reads the record for itself needs a purpose: what people decided is held against it.")
        : null;

    private static AccountProblem? CheckScopes(Client client)
    {
        bool IsFine(string scope) => client.IsForPeople ? Access.Scopes.IsKnownForPeople(scope) || (client.Method != ClientMethods.None && Access.Scopes.IsKnown(scope)) : Access.Scopes.IsKnown(scope);
        return client.Scopes.Count == 0 ? new("program.scopes", "Hãy ghi ít nhất một phạm vi quyền.", "Give at least one scope.")
            : client.Scopes.FirstOrDefault(s => !IsFine(s)) is { } wrong ? new("program.scopes",
                $"“{Cut(wrong)}” không phải phạm vi quyền dùng được ở đây: ứng dụng của người dùng có patient/…, user/…, openid, fhirUser, profile, launch, launch/patient, offline_access, online_access; ứng dụng tự chạy có system/….",
                $"'{Cut(wrong)}' is no scope for this: programs for people have patient/…, user/…, openid, fhirUser, profile, launch, launch/patient, offline_access, online_access; programs for themselves have system/….")
            : null;
    }

    private static AccountProblem? CheckProof(Client client) => client.Method switch
    {
        ClientMethods.SignedStatement when client.Keys is { } keys => IsKeySet(keys) ? null : new("program.keys", "JWKS không đọc được hoặc có khóa bí mật: chỉ dán khóa công khai RSA (từ 2048 bit) hoặc EC.", "The JWKS cannot be read, or holds private keys: paste public RSA (2048 bits or more) or EC keys alone."),
        ClientMethods.SignedStatement => client.KeysAddress is { } address && IsWeb(address, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort ? null : new("program.keys", "Hãy dán JWKS, hoặc ghi địa chỉ https:// của nó (cổng 443).", "Paste the JWKS, or give its https:// address (port 443)."),
        ClientMethods.OwnCertificate when client.Certificate is null && client.Keys is { } keys => IsKeySet(keys) && Certificates.AreInside(keys) ? null : new("program.keys", "Mỗi khóa của JWKS phải có chứng thư (x5c) hoặc SHA-256 của nó (x5t#S256).", "Every key of the JWKS needs its certificate (x5c), or the SHA-256 of it (x5t#S256)."),
        ClientMethods.OwnCertificate => client.Certificate is { Length: 43 } ? null : new("program.certificate", "Hãy ghi SHA-256 của chứng thư (base64url, 43 ký tự), hoặc dán JWKS có x5c.", "Give the SHA-256 of the certificate (base64url, 43 characters), or paste a JWKS with x5c."),
        ClientMethods.Certificate => client.Certificate is { Length: > 3 and <= 500 } name && CertificateNames.IsName(name) ? null : new("program.certificate", "Hãy ghi tên chủ thể của chứng thư, như CN=tram-25001, O=…, hoặc dns:, uri:, ip:, email: và tên.", "Give the subject name of the certificate, such as CN=tram-25001, O=…, or dns:, uri:, ip:, email: and the name."),
        ClientMethods.None when client.IsBound => new("program.bound", "Ứng dụng không chứng minh danh tính thì không gắn với chứng thư.", "A program that proves nothing is bound to no certificate."),
        ClientMethods.None when !client.IsForPeople => new("program.method", "Ứng dụng không có địa chỉ quay lại thì tự chạy, và phải chứng minh danh tính.", "A program without redirects acts for itself and has to prove who it is."),
        _ => null,
    };

    private static bool IsKeySet(string text)
    {
        try
        {
            var keys = new JsonWebKeySet(text).Keys;
            return text.Length <= 32_768 && keys.Count is > 0 and <= 20 && keys.All(k => !k.HasPrivateKey && (k.Kty == "EC" || (k.Kty == "RSA" && k.KeySize >= 2048)));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsRedirect(string text)
    {
        if (text.Length > MaxAddress || text.Contains('#', StringComparison.Ordinal) || text.Contains('*', StringComparison.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            return false;
        }

        return uri.Scheme == Uri.UriSchemeHttps ? IsWeb(text, out _)
            : uri.Scheme == Uri.UriSchemeHttp ? IsLoopback(text)
            // RFC 8252 §7.1: a scheme of one's own is a domain name backwards, so it has a dot.
            : uri.Scheme.Contains('.', StringComparison.Ordinal) && text.All(c => c is > ' ' and < (char)127);
    }

    private static bool IsLoopback(string text) => IsWeb(text, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.Host is "127.0.0.1" or "[::1]";

    private static bool IsWeb(string text, out Uri uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri!) && text.Length <= MaxAddress && uri.UserInfo.Length == 0 && uri.Host.Length > 0
        && text.All(c => c is > ' ' and < (char)127 and not '\\') && text.StartsWith(uri.Scheme + "://", StringComparison.Ordinal);

    private static string Cut(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
