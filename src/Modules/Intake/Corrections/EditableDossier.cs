using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Mach.Intake.Corrections;

/// <summary>One table of a refused dossier, its base64 opened so that a person can correct it.</summary>
/// <param name="Kind">LOAIHOSO as sent.</param>
/// <param name="Text">The inner XML; what was sent when it could not be opened.</param>
public sealed record EditableTable(string Kind, string Text);

/// <summary>Opens a refused dossier for correction, and packs it again.</summary>
internal static class EditableDossier
{
    private static readonly XmlReaderSettings Safe = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>A file that is no HOSO (a check-in) is one table of kind XML0.</summary>
    public static IReadOnlyList<EditableTable> Open(byte[] received)
    {
        var root = Load(received);
        if (root is null || !root.Name.LocalName.Equals("HOSO", StringComparison.OrdinalIgnoreCase))
        {
            return [new EditableTable("XML0", Encoding.UTF8.GetString(received))];
        }

        return [.. root.Elements().Where(e => Is(e, "FILEHOSO")).Select(file => new EditableTable(
            file.Elements().FirstOrDefault(e => Is(e, "LOAIHOSO"))?.Value.Trim() ?? "",
            Inner(file.Elements().FirstOrDefault(e => Is(e, "NOIDUNGFILE")))))];
    }

    /// <summary>An envelope with this one dossier, as a facility would send it.</summary>
    public static byte[] Pack(string facility, DateOnly created, IReadOnlyList<EditableTable> tables)
    {
        if (tables is [{ Kind: "XML0" } checkIn])
        {
            return Encoding.UTF8.GetBytes(checkIn.Text);
        }

        var envelope = new XElement("GIAMDINHHS",
            new XElement("THONGTINDONVI", new XElement("MACSKCB", Printable(facility))),
            new XElement("THONGTINHOSO",
                new XElement("NGAYLAP", created.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture)),
                new XElement("SOLUONGHOSO", 1),
                new XElement("DANHSACHHOSO", new XElement("HOSO", tables.Select(t => new XElement("FILEHOSO", new XElement("LOAIHOSO", Printable(t.Kind)), new XElement("NOIDUNGFILE", Convert.ToBase64String(Encoding.UTF8.GetBytes(t.Text)))))))),
            new XElement("CHUKYDONVI"));
        return Encoding.UTF8.GetBytes(envelope.ToString(SaveOptions.DisableFormatting));
    }

    /// <summary>Without the letters that XML cannot carry.</summary>
    private static string Printable(string typed) => string.Concat(typed.Where(XmlConvert.IsXmlChar));

    private static XElement? Load(byte[] received)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(received), Safe);
            return XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Inner(XElement? content)
    {
        if (content is null)
        {
            return "";
        }

        if (content.HasElements)
        {
            return string.Concat(content.Nodes().Select(n => n.ToString(SaveOptions.DisableFormatting)));
        }

        var text = content.Value.Trim();
        var bytes = new byte[text.Length];
        return text.Length > 0 && Convert.TryFromBase64String(text, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : text;
    }

    private static bool Is(XElement element, string name) => element.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase);
}
