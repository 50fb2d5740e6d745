using Mach.Kernel;
using Mach.Vietnam.Bhyt.Reading;

namespace Mach.Vietnam.Bhyt;

public static partial class EnvelopeReader
{
    /// <summary>Reads one dossier from the bytes of its HOSO element (or from a whole check-in file).</summary>
    /// <param name="hoso">Bytes of the element, exactly as received.</param>
    /// <param name="position">1-based place, for findings.</param>
    /// <param name="envelopeFacility">MACSKCB of the envelope.</param>
    /// <exception cref="DossierException">Base64 or inner XML cannot be read, no XML1, several XML1, no MA_LK, MA_LK differs between tables, facility differs between envelope and XML1.</exception>
    public static Dossier ReadDossier(ReadOnlyMemory<byte> hoso, int position, string envelopeFacility)
    {
        ArgumentNullException.ThrowIfNull(envelopeFacility);
        var findings = new List<Finding>();
        var files = Files(hoso, position, findings);
        var builder = new DossierBuilder(position, findings);
        foreach (var file in files)
        {
            builder.Open(file);
        }

        try
        {
            return builder.Build(envelopeFacility.Trim());
        }
        catch (DossierException e) when (builder.MaLk.Length > 0)
        {
            throw new DossierException(e.Finding) { MaLk = Refusals.Cut(builder.MaLk) };
        }
    }

    private static List<DossierFile> Files(ReadOnlyMemory<byte> hoso, int position, List<Finding> findings)
    {
        try
        {
            var element = Utf.ToUtf8(hoso.Span);
            return IsCheckIn(element)
                ? [new DossierFile("XML0", element.ToArray())]
                : DossierFiles.Read(element, position, findings);
        }
        catch (XmlSyntaxException e)
        {
            throw Refusals.BadElement(position, e);
        }
    }

    private static bool IsCheckIn(ReadOnlySpan<byte> element)
    {
        var xml = new Utf8Xml(element);
        while (xml.Read() != XmlNode.Start)
        {
            // Declarations and comments before the root.
        }

        return System.Text.Ascii.Equals(xml.Name, EnvelopeNames.CheckInRoot);
    }
}
