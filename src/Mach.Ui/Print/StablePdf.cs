using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Mach.Ui.Print;

/// <summary>
/// The library names each file, its metadata and its subsets of fonts by chance. These names become those of the content, of the same length, so that the places of objects stay right.
/// </summary>
/// <remarks>Source: ISO 32000-1 §9.6.4 (tags of subsets), §14.4 (file identifiers).</remarks>
internal static partial class StablePdf
{
    private const string NoTag = "AAAAAA+", NoUuid = "00000000-0000-0000-0000-000000000000";
    private static readonly string NoId = new('0', 32);

    public static byte[] Of(byte[] file)
    {
        // Latin-1 maps every byte to one character and back.
        var text = Encoding.Latin1.GetString(file);
        text = Tag().Replace(text, m => m.Groups[1].Value + NoTag);
        text = Uuid().Replace(text, m => m.Groups[1].Value + NoUuid);
        text = Id().Replace(text, m => $"{m.Groups[1].Value}<{NoId}><{NoId}>");
        var hash = SHA256.HashData(Encoding.Latin1.GetBytes(text));
        var tag = string.Concat(hash.Take(6).Select(b => (char)('A' + (b % 26)))) + "+";
        var id = Convert.ToHexString(hash.AsSpan(0, 16));
        var uuid = new Guid(hash.AsSpan(0, 16)).ToString("D", CultureInfo.InvariantCulture);
        text = Tag().Replace(text, m => m.Groups[1].Value + tag);
        text = Uuid().Replace(text, m => m.Groups[1].Value + uuid);
        text = Id().Replace(text, m => $"{m.Groups[1].Value}<{id}><{id}>");
        return Encoding.Latin1.GetBytes(text);
    }

    [GeneratedRegex(@"(/(?:BaseFont|FontName)\s*/)[A-Z]{6}\+")]
    private static partial Regex Tag();

    [GeneratedRegex("(uuid:)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"(/ID\s*\[)<[0-9A-F]{32}>\s*<[0-9A-F]{32}>")]
    private static partial Regex Id();
}
