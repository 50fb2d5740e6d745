using System.Globalization;
using System.Text;
using System.Xml;
using Mach.Kernel;
using Mach.Vietnam.Bhyt.Reading;

namespace Mach.Vietnam.Bhyt;

/// <summary>Reads what facilities send: an envelope of dossiers, or one check-in.</summary>
public static partial class EnvelopeReader
{
    private const int BufferBytes = 64 * 1024;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>Reads an envelope once, with flat memory, from a seekable stream. Nothing may be taken before this has returned.</summary>
    /// <exception cref="DossierException">Empty, too large, not XML, DTD or entities, wrong root, wrong SOLUONGHOSO, truncated.</exception>
    public static EnvelopeScan Scan(Stream envelope, EnvelopeLimits limits, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(limits);
        if (envelope.Length > limits.MaxBytes)
        {
            throw Refusals.EnvelopeTooLarge(limits.MaxBytes);
        }

        envelope.Position = 0;
        var encoding = Detect(envelope, out var looksLikeXml);
        envelope.Position = 0;
        var locator = new HosoLocator(limits.MaxDossierBytes, encoding is not UTF8Encoding, encoding.CodePage == Encoding.BigEndianUnicode.CodePage);
        using var located = new LocatingStream(envelope, locator, limits.MaxBytes, ct);
        using var text = new StreamReader(located, encoding, detectEncodingFromByteOrderMarks: false, BufferBytes, leaveOpen: true);
        SkipToXml(text, looksLikeXml);
        using var xml = XmlReader.Create(text, Settings);
        var outline = new EnvelopeOutline();
        try
        {
            outline.Read(xml);
        }
        catch (XmlException e)
        {
            throw Describe(e, locator, located);
        }
        catch (DecoderFallbackException)
        {
            throw Refusals.Encoding();
        }

        return outline.IsCheckIn
            ? new EnvelopeScan { FacilityCode = outline.Facility, IsCheckIn = true, Dossiers = [CheckIn(envelope.Length, limits)] }
            : ToScan(outline, locator);
    }

    private static EnvelopeScan ToScan(EnvelopeOutline outline, HosoLocator locator)
    {
        var found = locator.Found;
        if (outline.Dossiers != found.Count)
        {
            // Two readers of the same bytes must see the same; if ever they do not, nothing is taken.
            throw Refusals.CountDiffers(outline.Dossiers.ToString(CultureInfo.InvariantCulture), found.Count);
        }

        if (outline.Count is null)
        {
            throw Refusals.CountMissing(found.Count);
        }

        if (!int.TryParse(outline.Count, NumberStyles.None, CultureInfo.InvariantCulture, out var stated))
        {
            throw Refusals.CountNotNumber(outline.Count);
        }

        if (stated != found.Count)
        {
            throw Refusals.CountDiffers(outline.Count, found.Count);
        }

        return found.Count == 0 ? throw Refusals.NoDossier() : new EnvelopeScan
        {
            FacilityCode = outline.Facility,
            Created = outline.Created,
            Dossiers = found,
            IsSigned = outline.IsSigned,
            Findings = outline.Facility.Length > 0 ? [] : [FacilityMissing],
        };
    }

    private static Finding FacilityMissing => new()
    {
        Rule = "bhyt.envelope.facility-missing",
        Severity = FindingSeverity.Warning,
        Field = EnvelopeNames.Facility,
        Vi = "MACSKCB của tệp trống; lấy MA_CSKCB trong XML1 của từng hồ sơ. Hãy ghi mã cơ sở vào MACSKCB.",
        En = "MACSKCB of the file is empty; MA_CSKCB in XML1 of each dossier is taken. State the facility code in MACSKCB.",
    };

    private static (long, int) CheckIn(long length, EnvelopeLimits limits) =>
        length <= limits.MaxDossierBytes ? (0, (int)length) : throw Refusals.DossierTooLarge(1, limits.MaxDossierBytes);

    /// <summary>UTF-8 unless a byte order mark, or the shape of the first tag, says UTF-16. A declared encoding is not asked: it is often wrong.</summary>
    private static Encoding Detect(Stream envelope, out bool looksLikeXml)
    {
        Span<byte> first = stackalloc byte[4];
        var length = envelope.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        looksLikeXml = first[..length].IndexOf((byte)'<') is 0 or 3;
        return Utf.Detect(first[..length]);
    }

    private static void SkipToXml(StreamReader text, bool looksLikeXml)
    {
        try
        {
            while (text.Peek() is var c and >= 0 && (char.IsWhiteSpace((char)c) || c == '\uFEFF'))
            {
                text.Read();
            }

            if (text.Peek() is var first && first != '<')
            {
                throw first < 0 ? Refusals.Empty() : Refusals.NotXml();
            }
        }
        catch (DecoderFallbackException)
        {
            throw looksLikeXml ? Refusals.Encoding() : Refusals.NotXml();
        }
    }

    private static DossierException Describe(XmlException e, HosoLocator locator, LocatingStream located) =>
        locator.SawDoctype ? Refusals.Dtd()
        : located.AtEnd && e.Message.Contains("end of file", StringComparison.OrdinalIgnoreCase) ? Refusals.Truncated(e.LineNumber, e.LinePosition)
        : Refusals.Malformed(e.LineNumber, e.LinePosition, e.Message);
}
