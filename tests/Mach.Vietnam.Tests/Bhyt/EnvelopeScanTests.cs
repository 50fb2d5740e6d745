using System.Text;
using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Vietnam.Tests.Bhyt;

public sealed class EnvelopeScanTests
{
    private static readonly string Good = Sample.File("XML1", Sample.B64(Sample.Xml1));

    [Fact]
    public void A_good_envelope_gives_facility_day_and_places()
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF<?xml version=\"1.0\"?>\r\n<!-- a <HOSO> that is none -->" + Sample.Envelope(Sample.Hoso(Good) + "\n <!-- </HOSO> --> " + Sample.Hoso(Good), 2));
        var scan = Sample.Scan(bytes);
        Assert.Equal("25001", scan.FacilityCode);
        Assert.Equal("20250301", scan.Created);
        Assert.False(scan.IsCheckIn);
        Assert.False(scan.IsSigned);
        Assert.Equal(2, scan.Dossiers.Count);
        Assert.All(scan.Dossiers, d => Assert.Equal(Sample.Hoso(Good), Encoding.UTF8.GetString(bytes, (int)d.Offset, d.Length)));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "", "bhyt.envelope.empty" },
        { " \r\n\t ", "bhyt.envelope.empty" },
        { "{\"a\":1}", "bhyt.envelope.not-xml" },
        { "PK\u0003\u0004", "bhyt.envelope.not-xml" },
        { "<GIAMDINHHS><THONGTINDONVI>", "bhyt.envelope.truncated" },
        { Sample.EnvelopeOf(Good)[..^30], "bhyt.envelope.truncated" },
        { Sample.EnvelopeOf(Good).Replace("</HOSO>", "</HOSOO>", StringComparison.Ordinal), "bhyt.envelope.malformed" },
        { Sample.Envelope("<HOSO>&nothing;</HOSO>"), "bhyt.envelope.malformed" },
        { "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;\">]><GIAMDINHHS>&z;</GIAMDINHHS>", "bhyt.envelope.dtd" },
        { "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><GIAMDINHHS/>", "bhyt.envelope.dtd" },
        { "<TONG_HOP/>", "bhyt.envelope.root" },
        { Sample.Envelope("", 0), "bhyt.envelope.no-dossier" },
        { Sample.Envelope(Sample.Hoso(Good), 2), "bhyt.envelope.count" },
        { Sample.EnvelopeOf(Good).Replace("<SOLUONGHOSO>1</SOLUONGHOSO>", "", StringComparison.Ordinal), "bhyt.envelope.count" },
        { Sample.EnvelopeOf(Good).Replace("<SOLUONGHOSO>1", "<SOLUONGHOSO>một", StringComparison.Ordinal), "bhyt.envelope.count" },
        { Sample.EnvelopeOf(Good).Replace("<SOLUONGHOSO>1", "<SOLUONGHOSO>-1", StringComparison.Ordinal), "bhyt.envelope.count" },
        { string.Concat(Enumerable.Repeat("<GIAMDINHHS>", 300)), "bhyt.envelope.too-deep" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_read_is_refused_with_a_reason(string envelope, string rule)
    {
        var finding = Assert.Throws<DossierException>(() => Sample.Scan(Encoding.UTF8.GetBytes(envelope))).Finding;
        Assert.Equal(rule, finding.Rule);
        Assert.Equal(FindingSeverity.Refusal, finding.Severity);
        Assert.NotEmpty(finding.Vi);
        Assert.NotEmpty(finding.En);
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused() =>
        Assert.Equal("bhyt.envelope.encoding", Sample.Rule(() => Sample.Scan([.. Encoding.UTF8.GetBytes("<GIAMDINHHS><THONGTINDONVI><MACSKCB>"), 0xC3, 0x28, .. "</MACSKCB></THONGTINDONVI></GIAMDINHHS>"u8])));

    [Fact]
    public void Sizes_over_the_limits_are_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Sample.EnvelopeOf(Good));
        Assert.Equal("bhyt.envelope.too-large", Sample.Rule(() => Sample.Scan(bytes, new EnvelopeLimits(MaxBytes: 100))));
        Assert.Equal("bhyt.dossier.too-large", Sample.Rule(() => Sample.Scan(bytes, new EnvelopeLimits(MaxDossierBytes: 100))));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Sixteen_bit_envelopes_are_read_too(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var bytes = encoding.GetPreamble().Concat(encoding.GetBytes("<?xml version=\"1.0\" encoding=\"utf-16\"?>" + Sample.EnvelopeOf(Sample.File("XML1", Sample.Xml1)))).ToArray();
        Assert.Equal("NGUYỄN THỊ THỬ", Assert.Single(Sample.Read(bytes)).Summary["HO_TEN"]);
    }

    [Fact]
    public void A_wrongly_declared_encoding_does_not_matter() =>
        Assert.Single(Sample.Read("<?xml version=\"1.0\" encoding=\"utf-16\"?>\n" + Sample.EnvelopeOf(Sample.File("XML1", Sample.B64("<?xml version=\"1.0\" encoding=\"windows-1258\"?>" + Sample.Xml1)))));

    [Theory]
    [InlineData("<CHUKYDONVI/>", "<CHUKYDONVI><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></CHUKYDONVI>", true)]
    [InlineData("<CHUKYDONVI/>", "<CHUKYDONVI></CHUKYDONVI>", false)]
    [InlineData("<CHUKYDONVI/>", "", false)]
    public void A_signature_is_seen(string from, string to, bool isSigned) =>
        Assert.Equal(isSigned, Sample.Scan(Encoding.UTF8.GetBytes(Sample.EnvelopeOf(Good).Replace(from, to, StringComparison.Ordinal))).IsSigned);

    [Theory]
    [InlineData("<GIAMDINHHS>", "<GIAMDINHHS xmlns=\"urn:x\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">")]
    [InlineData("<HOSO>", "<HOSO id='a>b' xml:lang=\"vi\" >")]
    [InlineData("</HOSO>", "</HOSO >")]
    [InlineData("<HOSO>", "<HOSO><!-- <HOSO> --><![CDATA[<HOSO>]]><?x <HOSO>?>")]
    public void Namespaces_attributes_comments_and_CDATA_do_not_confuse_the_places(string from, string to)
    {
        var envelope = Sample.EnvelopeOf(Good).Replace(from, to, StringComparison.Ordinal);
        var dossier = Assert.Single(Sample.Read(envelope));
        Assert.Equal("LK1", dossier.MaLk);
    }

    [Fact]
    public void Prefixed_elements_are_read()
    {
        var envelope = Sample.EnvelopeOf(Good).Replace("</", "</p:", StringComparison.Ordinal);
        envelope = System.Text.RegularExpressions.Regex.Replace(envelope, "<([A-Z])", "<p:$1").Replace("<p:GIAMDINHHS>", "<p:GIAMDINHHS xmlns:p=\"urn:p\">", StringComparison.Ordinal);
        Assert.Equal("LK1", Assert.Single(Sample.Read(envelope)).MaLk);
    }

    [Fact]
    public void A_facility_missing_in_the_envelope_is_taken_from_the_summary()
    {
        var bytes = Encoding.UTF8.GetBytes(Sample.Envelope(Sample.Hoso(Good), facility: " "));
        Assert.Equal("bhyt.envelope.facility-missing", Assert.Single(Sample.Scan(bytes).Findings).Rule);
        Assert.Equal("25001", Assert.Single(Sample.Read(bytes)).FacilityCode);
    }

    [Fact]
    public void A_check_in_file_stands_alone()
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB><TRANG_THAI_KCB><MA_LK>LK9</MA_LK><MA_CSKCB>25002</MA_CSKCB></TRANG_THAI_KCB></DSACH_TRANG_THAI_KCB></CHI_TIEU_TRANG_THAI_KCB>");
        var scan = Sample.Scan(bytes);
        Assert.True(scan.IsCheckIn);
        Assert.Equal("25002", scan.FacilityCode);
        var dossier = Assert.Single(Sample.Read(bytes));
        Assert.True(dossier.IsCheckIn);
        Assert.Equal("LK9", dossier.MaLk);
    }

    [Fact]
    public void Twenty_megabytes_are_scanned_with_little_memory()
    {
        var one = Sample.Hoso(Sample.File("XML1", Sample.B64(Sample.Xml1 + new string(' ', 30_000))));
        var count = 20_000_000 / one.Length;
        using var stream = new MemoryStream();
        stream.Write(Encoding.UTF8.GetBytes(Sample.Envelope("@", count).Split('@')[0]));
        for (var i = 0; i < count; i++)
        {
            stream.Write(Encoding.UTF8.GetBytes(one));
        }

        stream.Write(Encoding.UTF8.GetBytes(Sample.Envelope("@", count).Split('@')[1]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var scan = EnvelopeReader.Scan(stream, new EnvelopeLimits(), CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(count, scan.Dossiers.Count);
        Assert.True(allocated < 4_000_000, $"{allocated} bytes allocated");
    }

    [Fact]
    public void Bytes_of_any_kind_give_a_reason_and_never_another_error()
    {
        var random = new Random(20260701);
        var good = Encoding.UTF8.GetBytes(Sample.Envelope(Sample.Hoso(Good, Sample.File("XML2", Sample.Xml2)) + Sample.Hoso(Good), 2));
        for (var i = 0; i < 800; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var j = random.Next(1, 6); j > 0; j--)
            {
                Spoil(random, ref bytes);
            }

            try
            {
                Sample.Read(bytes);
            }
            catch (DossierException e)
            {
                Assert.NotEmpty(e.Finding.Vi);
            }
        }
    }

    private static void Spoil(Random random, ref byte[] bytes)
    {
        var at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes = bytes[..at];
                break;
            case 2:
                bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
                break;
            case 3:
                bytes[at] = (byte)"<>&\"'/!-]? ="[random.Next(12)];
                break;
            default:
                bytes = [.. bytes[..at], .. "<![CDATA[ <!-- --> ]]> </HOSO> <HOSO>"u8[random.Next(30)..], .. bytes[at..]];
                break;
        }

        if (bytes.Length == 0)
        {
            bytes = [(byte)'<'];
        }
    }
}
