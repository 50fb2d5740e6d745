using System.Text;
using Mach.Vietnam.Bhyt;

namespace Mach.Vietnam.Tests.Bhyt;

public sealed class DossierReadingTests
{
    private static readonly string B1 = Sample.File("XML1", Sample.B64(Sample.Xml1));
    private static readonly string B2 = Sample.File("XML2", Sample.B64(Sample.Xml2));

    private static string Wrap(string base64, int width, string end) => string.Join(end, base64.Chunk(width).Select(c => new string(c)));

    // How real dossiers differ from the written rules: each form below has been seen in public examples.
    public static TheoryData<string, string> Bodies => new()
    {
        { "plain", Sample.B64(Sample.Xml1) },
        { "wrapped at 64", "\r\n" + Wrap(Sample.B64(Sample.Xml1), 64, "\r\n") + "\r\n" },
        { "wrapped at 76", Wrap(Sample.B64(Sample.Xml1), 76, "\n") },
        { "with blanks", "  " + Wrap(Sample.B64(Sample.Xml1), 10, " \t ") },
        { "without padding", Sample.B64(Sample.Xml1 + " ").TrimEnd('=') },
        { "without padding 2", Sample.B64(Sample.Xml1 + "  ").TrimEnd('=') },
        { "base64 in CDATA", "<![CDATA[" + Sample.B64(Sample.Xml1) + "]]>" },
        { "inline", Sample.Xml1 },
        { "inline with blanks and comment", "\n  <!-- x -->" + Sample.Xml1 + "\n" },
        { "CDATA", "<![CDATA[<?xml version=\"1.0\"?>" + Sample.Xml1 + "]]>" },
        { "escaped", System.Security.SecurityElement.Escape(Sample.Xml1) },
        { "byte order mark inside", Sample.B64("\uFEFF" + Sample.Xml1) },
        { "declaration inside", Sample.B64("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n" + Sample.Xml1) },
        { "blank before declaration", Sample.B64("\r\n <?xml version=\"1.0\"?>" + Sample.Xml1) },
        { "16 bit inside", Convert.ToBase64String([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Sample.Xml1)]) },
        { "namespaces inside", Sample.B64(Sample.Xml1.Replace("<TONG_HOP>", "<TONG_HOP xmlns:xsi=\"a\" xmlns=\"b\">", StringComparison.Ordinal)) },
        { "small letters", Sample.B64(Sample.Xml1.Replace("HO_TEN", "ho_ten", StringComparison.Ordinal)) },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Content_is_read_in_whatever_form_it_comes(string form, string body)
    {
        Assert.NotEmpty(form);
        var dossier = Sample.ReadOne(Sample.File("XML1", body));
        Assert.Equal("LK1", dossier.MaLk);
        Assert.Equal("NGUYỄN THỊ THỬ", dossier.Summary["HO_TEN"]);
        Assert.Empty(dossier.Findings);
    }

    [Fact]
    public void Tables_and_fields_come_in_any_order()
    {
        var dossier = Sample.ReadOne(
            "<FILEHOSO><NOIDUNGFILE>" + Sample.B64(Sample.Xml2) + "</NOIDUNGFILE><LOAIHOSO> xml2 </LOAIHOSO></FILEHOSO>",
            Sample.File("xml1", Sample.B64("<TONG_HOP><MA_CSKCB>25001</MA_CSKCB><HO_TEN>A</HO_TEN><MA_LK>LK1</MA_LK></TONG_HOP>")));
        Assert.Equal(["XML2", "XML1"], dossier.Tables.Select(t => t.Name));
        Assert.Equal("Paracetamol", dossier["XML2"]!.Rows[0]["TEN_THUOC"]);
    }

    [Fact]
    public void Values_are_exact()
    {
        var dossier = Sample.ReadOne(Sample.File("XML1", Sample.B64("<TONG_HOP><MA_LK> LK1 </MA_LK><HO_TEN>  A&amp;B &#xD;&#10;x </HO_TEN><DIA_CHI><![CDATA[<&>]]>y</DIA_CHI><GHI_CHU></GHI_CHU><LY_DO_VV>a\r\nb</LY_DO_VV><MA_CSKCB>25001</MA_CSKCB></TONG_HOP>")));
        Assert.Equal("LK1", dossier.MaLk);
        Assert.Equal(" LK1 ", dossier.Summary["MA_LK"]);
        Assert.Equal("  A&B \r\nx ", dossier.Summary["HO_TEN"]);
        Assert.Equal("<&>y", dossier.Summary["DIA_CHI"]);
        Assert.Equal("", dossier.Summary["GHI_CHU"]);
        Assert.Null(dossier.Summary["STT"]);
        Assert.Equal("a\nb", dossier.Summary["LY_DO_VV"]);
    }

    [Fact]
    public void Unknown_fields_and_tables_are_kept()
    {
        var dossier = Sample.ReadOne(
            Sample.File("XML1", Sample.B64(Sample.Xml1.Replace("<STT>", "<MOI>m</MOI><HO_TEN_2>x<b>y</b></HO_TEN_2><STT>", StringComparison.Ordinal))),
            Sample.File("XML16", Sample.B64("<A><B>1</B></A>")),
            Sample.File("XML77", "AP/+"));
        Assert.Equal([new("MOI", "m"), new("HO_TEN_2", "x<b>y</b>")], dossier.Summary.Unknown!);
        Assert.Equal("<A><B>1</B></A>", dossier["XML16"]!.Raw);
        Assert.Equal("AP/+", dossier["XML77"]!.Raw);
        Assert.Equal(2, dossier.Findings.Count(f => f.Rule == "bhyt.field.unknown"));
        Assert.Equal(2, dossier.Findings.Count(f => f.Rule == "bhyt.file.undefined"));
    }

    [Fact]
    public void A_repeated_tag_keeps_the_first_value_and_loses_none()
    {
        var dossier = Sample.ReadOne(Sample.File("XML1", Sample.B64(Sample.Xml1.Replace("<STT>", "<HO_TEN>B</HO_TEN><STT>", StringComparison.Ordinal))));
        Assert.Equal("B", dossier.Summary["HO_TEN"]);
        Assert.Equal([new("HO_TEN", "NGUYỄN THỊ THỬ")], dossier.Summary.Unknown!);
        Assert.Equal("bhyt.field.repeated", Assert.Single(dossier.Findings).Rule);
    }

    [Fact]
    public void Files_of_one_kind_become_one_table()
    {
        var dossier = Sample.ReadOne(B1, B2, B2.Replace("XML2", "XML2 ", StringComparison.Ordinal));
        Assert.Equal([1, 2], dossier["XML2"]!.Rows.Select(r => r.Position));
    }

    [Fact]
    public void An_empty_file_is_a_finding_and_an_empty_list_a_table_without_rows()
    {
        var dossier = Sample.ReadOne(B1, Sample.File("XML3", " \r\n "), Sample.File("XML2", Sample.B64("<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC/></CHITIEU_CHITIET_THUOC>")));
        Assert.Null(dossier["XML3"]);
        Assert.Equal("bhyt.file.empty", Assert.Single(dossier.Findings).Rule);
        Assert.Empty(dossier["XML2"]!.Rows);
    }

    [Fact]
    public void A_wrong_or_missing_kind_gives_way_to_the_content()
    {
        var dossier = Sample.ReadOne(B1, Sample.File("XML3", Sample.B64(Sample.Xml2)));
        Assert.Equal("XML2", dossier.Tables[1].Name);
        Assert.Equal("bhyt.file.kind", Assert.Single(dossier.Findings).Rule);
        Assert.NotNull(Sample.ReadOne(Sample.File("", Sample.B64(Sample.Xml1))).Summary);
    }

    [Theory]
    [InlineData("<MA_NOI_DI>25002</MA_NOI_DI><PP_DIEU_TRI>x</PP_DIEU_TRI>", 39)]
    [InlineData("<MA_CSKCB_DI>25002</MA_CSKCB_DI><TINH_TRANG_CT>x</TINH_TRANG_CT>", 37)]
    [InlineData("<HO_TEN>x</HO_TEN>", 37)]
    public void The_fields_sent_decide_the_shape_of_a_referral_letter_and_else_the_day(string fields, int expected)
    {
        var dossier = Sample.ReadOne(B1, Sample.File("XML13", Sample.B64($"<CHI_TIEU_GIAYCHUYENTUYEN><MA_LK>LK1</MA_LK>{fields}</CHI_TIEU_GIAYCHUYENTUYEN>")));
        Assert.Equal(expected, dossier["XML13"]!.Rows[0].Table.Fields.Count);
        Assert.Empty(dossier.Findings);
    }

    [Fact]
    public void The_day_of_the_visit_decides_the_shapes()
    {
        var old = Sample.ReadOne(Sample.File("XML1", Sample.B64(Sample.Xml1.Replace("2025", "2024", StringComparison.Ordinal))), B2);
        Assert.Equal(new DateOnly(2023, 1, 18), old.Summary.Table.EffectiveFrom);
        Assert.Equal(new DateOnly(2024, 3, 1), old.Day);
        Assert.Equal(new DateOnly(2025, 1, 1), Sample.ReadOne(B1, B2)["XML2"]!.Definition!.EffectiveFrom);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { B2, "bhyt.dossier.no-xml1" },
        { "", "bhyt.dossier.no-xml1" },
        { Sample.File("XML1", ""), "bhyt.dossier.no-xml1" },
        { B1 + B1, "bhyt.dossier.several-xml1" },
        { Sample.File("XML1", "@@@@"), "bhyt.dossier.base64" },
        { Sample.File("XML1", Sample.B64(Sample.Xml1[..^5])), "bhyt.dossier.inner-xml" },
        { Sample.File("XML1", Sample.B64("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + Sample.Xml1)), "bhyt.dossier.inner-xml" },
        { Sample.File("XML1", Sample.B64(Sample.Xml1.Replace("NGUYỄN", "&x;", StringComparison.Ordinal))), "bhyt.dossier.inner-xml" },
        { Sample.File("XML1", Convert.ToBase64String([.. "<TONG_HOP><MA_LK>"u8, 0xC3, 0x28, .. "</MA_LK></TONG_HOP>"u8])), "bhyt.dossier.inner-xml" },
        { Sample.File("XML1", Sample.B64(Sample.Xml1.Replace("LK1", " ", StringComparison.Ordinal))), "bhyt.dossier.no-ma-lk" },
        { B1 + Sample.File("XML2", Sample.B64(Sample.Xml2.Replace("LK1", "LK2", StringComparison.Ordinal))), "bhyt.dossier.ma-lk-differs" },
        { Sample.File("XML1", Sample.B64(Sample.Xml1.Replace("25001", "25002", StringComparison.Ordinal))), "bhyt.dossier.facility-differs" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_would_be_filed_wrongly_is_refused(string files, string rule)
    {
        var finding = Assert.Throws<DossierException>(() => Sample.ReadOne(files)).Finding;
        Assert.Equal(rule, finding.Rule);
        Assert.Equal(1, finding.Dossier);
        Assert.Contains("thứ 1", finding.Vi, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_names_the_tables_and_the_line()
    {
        var key = Assert.Throws<DossierException>(() => Sample.ReadOne(B1, Sample.File("XML2", Sample.B64(Sample.Xml2.Replace("LK1", "LK2", StringComparison.Ordinal))))).Finding;
        Assert.Contains("XML2", key.Vi, StringComparison.Ordinal);
        var inner = Assert.Throws<DossierException>(() => Sample.ReadOne(B1, Sample.File("XML2", Sample.B64("<CHITIEU_CHITIET_THUOC>\n  <A></B>\n</CHITIEU_CHITIET_THUOC>")))).Finding;
        Assert.Equal("XML2", inner.Table);
        Assert.Contains("dòng 2, cột 6", inner.Vi, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_names_the_episode_where_it_could_be_read()
    {
        Assert.Equal("LK1", Assert.Throws<DossierException>(() => Sample.ReadOne(B1, Sample.File("XML2", Sample.B64(Sample.Xml2.Replace("LK1", "LK2", StringComparison.Ordinal))))).MaLk);
        Assert.Equal("LK1", Assert.Throws<DossierException>(() => Sample.ReadOne(B1, Sample.File("XML2", Sample.B64("<CHITIEU_CHITIET_THUOC><A></B></CHITIEU_CHITIET_THUOC>")))).MaLk);
        Assert.Equal("", Assert.Throws<DossierException>(() => Sample.ReadOne(B2)).MaLk);
    }

    [Fact]
    public void One_bad_dossier_does_not_touch_its_neighbours()
    {
        var bytes = Encoding.UTF8.GetBytes(Sample.Envelope(Sample.Hoso(B1) + Sample.Hoso(B2) + Sample.Hoso(B1), 3));
        var scan = Sample.Scan(bytes);
        Assert.Equal("LK1", EnvelopeReader.ReadDossier(bytes.AsMemory((int)scan.Dossiers[2].Offset, scan.Dossiers[2].Length), 3, "25001").MaLk);
        Assert.Equal("bhyt.dossier.no-xml1", Sample.Rule(() => EnvelopeReader.ReadDossier(bytes.AsMemory((int)scan.Dossiers[1].Offset, scan.Dossiers[1].Length), 2, "25001")));
    }
}
