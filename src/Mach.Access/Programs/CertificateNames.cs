using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mach.Access.Programs;

/// <summary>The one name by which a program's certificate is known: its subject, or one of the names beside it.</summary>
/// <remarks>Source: RFC 8705 §2.1.2 (<c>tls_client_auth_subject_dn</c>, <c>…_san_dns</c>, <c>…_san_uri</c>, <c>…_san_ip</c>, <c>…_san_email</c>); RFC 4514; RFC 5280 §4.2.1.6.</remarks>
internal static class CertificateNames
{
    private const string AlternativeNames = "2.5.29.17";

    private static readonly (string Prefix, int Tag)[] Kinds = [("email:", 1), ("dns:", 2), ("uri:", 6), ("ip:", 7)];

    /// <summary>A name that a certificate can have.</summary>
    public static bool IsName(string name) => KindOf(name) is { } kind
        ? name.Length > kind.Prefix.Length && (kind.Tag != 7 || IPAddress.TryParse(name.AsSpan(kind.Prefix.Length), out _))
        : Parts(name) is { Count: > 0 };

    public static bool Has(X509Certificate2 certificate, string name)
    {
        if (KindOf(name) is not { } kind)
        {
            return Parts(name) is { Count: > 0 } asked && Parts(certificate.SubjectName) is { } own && asked.SequenceEqual(own);
        }

        var wanted = name[kind.Prefix.Length..];
        return Others(certificate).Any(other => other.Tag == kind.Tag && (kind.Tag switch
        {
            // Names of machines know no case; the rest is compared letter by letter.
            2 => string.Equals(other.Name, wanted, StringComparison.OrdinalIgnoreCase),
            7 => IPAddress.TryParse(wanted, out var address) && other.Name == address.ToString(),
            _ => string.Equals(other.Name, wanted, StringComparison.Ordinal),
        }));
    }

    private static (string Prefix, int Tag)? KindOf(string name) =>
        Array.Find(Kinds, k => name.StartsWith(k.Prefix, StringComparison.Ordinal)) is { Prefix: not null } kind ? kind : null;

    private static List<(string, string)>? Parts(string name)
    {
        try
        {
            return Parts(new X500DistinguishedName(name));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Compared by what they say: two ways of encoding the same letters are the same name. A part of several values is none that we know.</summary>
    private static List<(string, string)>? Parts(X500DistinguishedName name)
    {
        var parts = name.EnumerateRelativeDistinguishedNames().ToList();
        return parts.Exists(p => p.HasMultipleElements) ? null : [.. parts.Select(p => (p.GetSingleElementType().Value ?? "", p.GetSingleElementValue() ?? ""))];
    }

    private static List<(int Tag, string Name)> Others(X509Certificate2 certificate)
    {
        List<(int, string)> all = [];
        if (certificate.Extensions[AlternativeNames] is not { } extension)
        {
            return all;
        }

        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                if (tag is { TagClass: TagClass.ContextSpecific, TagValue: 1 or 2 or 6 })
                {
                    all.Add((tag.TagValue, names.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                }
                else if (tag is { TagClass: TagClass.ContextSpecific, TagValue: 7 } && names.ReadOctetString(tag) is { Length: 4 or 16 } address)
                {
                    all.Add((7, new IPAddress(address).ToString()));
                }
                else if (tag.TagValue != 7)
                {
                    names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return all;
    }
}
