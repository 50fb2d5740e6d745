using System.Globalization;
using System.Text;
using Mach.Vietnam.Bhyt.Writing;

namespace Mach.Vietnam.Bhyt;

/// <summary>Writes dossiers in the form facilities send them; reading what was written gives the same values.</summary>
public static partial class EnvelopeWriter
{
    /// <summary>Writes an envelope of dossiers as facilities send it; unknown fields and undefined tables included.</summary>
    /// <param name="created">NGAYLAP.</param>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry, or an unknown field's name is no XML name.</exception>
    public static void Write(Stream output, string facilityCode, DateOnly created, IReadOnlyList<Dossier> dossiers)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(dossiers);
        var xml = new XmlOutput();
        xml.Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<GIAMDINHHS><THONGTINDONVI>"u8);
        xml.Element("MACSKCB", facilityCode);
        xml.Raw("</THONGTINDONVI><THONGTINHOSO>"u8);
        xml.Element("NGAYLAP", created.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        xml.Element("SOLUONGHOSO", dossiers.Count.ToString(CultureInfo.InvariantCulture));
        xml.Raw("<DANHSACHHOSO>"u8);
        var inner = new XmlOutput();
        foreach (var dossier in dossiers)
        {
            xml.Raw("<HOSO>"u8);
            foreach (var table in dossier.Tables)
            {
                WriteTable(xml, inner, table);
            }

            xml.Raw("</HOSO>"u8);
            xml.FlushTo(output);
        }

        xml.Raw("</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>\n"u8);
        xml.FlushTo(output);
    }

    /// <summary>Writes a check-in (XML0) file.</summary>
    /// <exception cref="ArgumentException">The dossier has no XML0, or a value holds a character that XML 1.0 cannot carry.</exception>
    public static void WriteCheckIn(Stream output, Dossier checkIn)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(checkIn);
        var table = checkIn["XML0"] ?? throw new ArgumentException("The dossier has no table XML0.", nameof(checkIn));
        var xml = new XmlOutput();
        TableWriter.Write(xml, table, [.. table.Rows]);
        xml.FlushTo(output);
    }

    /// <summary>The inner document of one table in UTF-8, as it stands (decoded) in NOIDUNGFILE; a table of single rows gives its first row.</summary>
    public static byte[] WriteTable(DossierTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var xml = new XmlOutput();
        if (table.Definition is null)
        {
            return Encoding.UTF8.GetBytes(table.Raw ?? "");
        }

        TableWriter.Write(xml, table, table.Definition.Row is null ? [.. table.Rows.Take(1)] : [.. table.Rows]);
        return xml.Written.ToArray();
    }

    private static void WriteTable(XmlOutput xml, XmlOutput inner, DossierTable table)
    {
        if (table.Definition is null)
        {
            inner.Raw(Encoding.UTF8.GetBytes(table.Raw ?? ""));
            WriteFile(xml, table.Name, inner);
        }
        else if (table.Definition.Row is not null)
        {
            TableWriter.Write(inner, table, [.. table.Rows]);
            WriteFile(xml, table.Name, inner);
        }
        else
        {
            // A document of single rows holds one; the others go into files of their own.
            foreach (var row in table.Rows)
            {
                TableWriter.Write(inner, table, [row]);
                WriteFile(xml, table.Name, inner);
            }
        }
    }

    private static void WriteFile(XmlOutput xml, string kind, XmlOutput inner)
    {
        xml.Raw("<FILEHOSO>"u8);
        xml.Element("LOAIHOSO", kind);
        xml.Raw("<NOIDUNGFILE>"u8);
        xml.Base64(inner.Written);
        xml.Raw("</NOIDUNGFILE></FILEHOSO>"u8);
        inner.Clear();
    }
}
