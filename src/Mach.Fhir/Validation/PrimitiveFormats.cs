using System.Buffers;
using System.Buffers.Text;

namespace Mach.Fhir.Validation;

/// <summary>The primitive types of R4.</summary>
internal enum PrimitiveFormat
{
    None,
    Base64Binary,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Markdown,
    Oid,
    PositiveInt,
    String,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
}

/// <summary>What the text of a primitive may look like.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/datatypes.html#primitive. Written out instead of run as regular expressions, because every value of every resource passes here.</remarks>
internal static class PrimitiveFormats
{
    /// <summary>A string has at most 1024 × 1024 characters.</summary>
    public const int LongestString = 1024 * 1024;

    /// <summary>Of the characters below U+0020, a text has tab, line feed and carriage return only.</summary>
    private static readonly SearchValues<byte> Controls = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b).Where(b => b is not (9 or 10 or 13))]);

    public static string Name(PrimitiveFormat format) => char.ToLowerInvariant(format.ToString()[0]) + format.ToString()[1..];

    /// <summary>Whether a text that is not empty is a value of the type.</summary>
    public static bool IsValid(PrimitiveFormat format, ReadOnlySpan<byte> text) => format switch
    {
        PrimitiveFormat.String or PrimitiveFormat.Markdown => !text.ContainsAny(Controls),
        PrimitiveFormat.Code => IsCode(text),
        PrimitiveFormat.Id => IsId(text),
        PrimitiveFormat.Uri or PrimitiveFormat.Url or PrimitiveFormat.Canonical => IsUri(text),
        PrimitiveFormat.Oid => text.StartsWith("urn:oid:"u8) && IsUrn(text),
        PrimitiveFormat.Uuid => text.StartsWith("urn:uuid:"u8) && IsUrn(text) && text.IndexOfAnyInRange((byte)'A', (byte)'F') < 0,
        PrimitiveFormat.Base64Binary => Base64.IsValid(text),
        PrimitiveFormat.Date => DateFormats.IsDate(text),
        PrimitiveFormat.DateTime => DateFormats.IsDateTime(text),
        PrimitiveFormat.Instant => DateFormats.IsInstant(text),
        PrimitiveFormat.Time => DateFormats.IsTime(text),
        _ => true,
    };

    public static string Explain(PrimitiveFormat format) => format switch
    {
        PrimitiveFormat.String or PrimitiveFormat.Markdown => "A text has no control characters but tab, line feed and carriage return.",
        PrimitiveFormat.Code => "A code has no whitespace at its ends, single spaces inside, and no control characters.",
        PrimitiveFormat.Id => "An id has 1 to 64 of the characters A-Z, a-z, 0-9, - and '.'.",
        PrimitiveFormat.Uri or PrimitiveFormat.Url or PrimitiveFormat.Canonical => "A uri has no whitespace and no control characters, and a urn:uuid or urn:oid the form of one.",
        PrimitiveFormat.Oid => "An oid looks like urn:oid:1.2.3.4.",
        PrimitiveFormat.Uuid => "A uuid looks like urn:uuid:c757873d-ec9a-4326-a141-556f43239520, in lower case.",
        PrimitiveFormat.Base64Binary => "The text is not base64.",
        PrimitiveFormat.Date => "A date is YYYY, YYYY-MM or YYYY-MM-DD, and exists.",
        PrimitiveFormat.DateTime => "A dateTime is YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz, and exists.",
        PrimitiveFormat.Instant => "An instant is YYYY-MM-DDThh:mm:ss.sss+zz:zz, and exists.",
        PrimitiveFormat.Time => "A time is hh:mm:ss, without a time zone.",
        _ => "The text is not a value of " + Name(format) + ".",
    };

    public static bool IsId(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 64)
        {
            return false;
        }

        foreach (var b in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>urn:uuid: or urn:oid: with what belongs behind it.</summary>
    public static bool IsUrn(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("urn:uuid:"u8))
        {
            var uuid = text[9..];
            return uuid.Length == 36 && Utf8Parser.TryParse(uuid, out Guid _, out var used, 'D') && used == 36;
        }

        return text.StartsWith("urn:oid:"u8) && IsOid(text[8..]);
    }

    private static bool IsUri(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (b <= ' ')
            {
                return false;
            }
        }

        return !text.StartsWith("urn:uuid:"u8) && !text.StartsWith("urn:oid:"u8) || IsUrn(text);
    }

    private static bool IsCode(ReadOnlySpan<byte> text)
    {
        var wasSpace = true;
        foreach (var b in text)
        {
            var isSpace = IsSpace(b);
            if ((isSpace && wasSpace) || (b < ' ' && !isSpace))
            {
                return false;
            }

            wasSpace = isSpace;
        }

        return !wasSpace;
    }

    /// <summary>[0-2](\.(0|[1-9][0-9]*))+</summary>
    private static bool IsOid(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || text[0] is < (byte)'0' or > (byte)'2' || text[1] != '.')
        {
            return false;
        }

        foreach (var range in text[2..].Split((byte)'.'))
        {
            var arc = text[2..][range];
            if (arc.IsEmpty || (arc.Length > 1 && arc[0] == '0') || arc.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);
}
