using Mach.Testing;
using System.Text.RegularExpressions;
using Mach.Kernel;
using Mach.Vietnam.Bhyt.Checks;

namespace Mach.Vietnam.Tests.Bhyt;

public sealed partial class DossierChecksTests
{
    [Fact]
    public void Nothing_is_found_where_nothing_is_wrong() => Assert.Empty(CheckSample.Check(CheckSample.Good()).Select(f => f.Vi));

    /// <summary>Table, what is changed in its first row, the rule that then speaks, its field. Sources: docs/rules/bhyt-checks.md.</summary>
    public static TheoryData<string, string, string, string?> Broken => new()
    {
        { "XML1", "HO_TEN=", "bhyt.field.required", "HO_TEN" },
        { "XML1", "MAHUYEN_CU_TRU= ", "bhyt.field.required", "MAHUYEN_CU_TRU" },
        { "XML3", "NGUOI_THUC_HIEN=", "bhyt.field.required", "NGUOI_THUC_HIEN" },
        { "XML4", "NGAY_KQ=", "bhyt.field.required", "NGAY_KQ" },
        { "XML1", "NHOM_MAU=O Rh+++", "bhyt.field.length", "NHOM_MAU" },
        { "XML1", "DIA_CHI=.", "bhyt.field.placeholder", "DIA_CHI" },
        { "XML1", "MA_BENH_CHINH= J18.9", "bhyt.field.blanks", "MA_BENH_CHINH" },
        { "XML2", "SO_LUONG=10,0", "bhyt.field.number", "SO_LUONG" },
        { "XML2", "SO_LUONG=-10", "bhyt.field.number", "SO_LUONG" },
        { "XML2", "SO_LUONG=9999999999999999999999999999999999", "bhyt.field.number", "SO_LUONG" },
        { "XML2", "DON_GIA=2000.0001", "bhyt.field.decimals", "DON_GIA" },
        { "XML1", "CAN_NANG=52.555", "bhyt.field.decimals", "CAN_NANG" },
        { "XML1", "NGAY_VAO_NOI_TRU=20250301", "bhyt.field.date", "NGAY_VAO_NOI_TRU" },
        { "XML1", "NGAY_VAO_NOI_TRU=202513010900", "bhyt.field.date", "NGAY_VAO_NOI_TRU" },
        { "XML1", "GT_THE_DEN=2025-12-31", "bhyt.field.date", "GT_THE_DEN" },
        { "XML1", "NGAY_TTOAN=202512311030", "bhyt.date.future", "NGAY_TTOAN" },
        { "XML1", "KET_QUA_DTRI=9", "bhyt.field.code", "KET_QUA_DTRI" },
        { "XML2", "MA_NHOM=44", "bhyt.field.code", "MA_NHOM" },
        { "XML1", "MA_BENH_CHINH=J189", "bhyt.field.icd", "MA_BENH_CHINH" },
        { "XML1", "MA_BENH_KT=I10,E11", "bhyt.field.icd", "MA_BENH_KT" },
        { "XML1", "MA_BENH_KT=I10;I10;I10;I10;I10;I10;I10;I10;I10;I10;I10;I10;I10", "bhyt.icd.too-many", "MA_BENH_KT" },
        { "XML1", "MA_NOI_DI=251", "bhyt.field.facility", "MA_NOI_DI" },
        { "XML1", "THANG_QT=13", "bhyt.field.range", "THANG_QT" },
        { "XML7", "TUOI_THAI=43", "bhyt.field.range", "TUOI_THAI" },
        { "XML1", "SO_CCCD=12345", "bhyt.person.id-form", "SO_CCCD" },
        { "XML1", "SO_CCCD=003165000001", "bhyt.person.id-form", "SO_CCCD" },
        { "XML1", "SO_CCCD=025065000001", "bhyt.person.id-sex", "SO_CCCD" },
        { "XML1", "SO_CCCD=025166000001", "bhyt.person.id-birth", "SO_CCCD" },
        { "XML1", "NGAY_SINH=202504010000", "bhyt.person.birth", "NGAY_SINH" },
        { "XML1", "DIEN_THOAI=12345", "bhyt.person.phone", "DIEN_THOAI" },
        { "XML1", "MA_THE_BHYT=DN425012345678", "bhyt.card.form", "MA_THE_BHYT" },
        { "XML1", "MA_THE_BHYT=DN4250123456789;DN4250123456780", "bhyt.card.persons", "MA_THE_BHYT" },
        { "XML1", "MA_THE_BHYT=DN4250123456789;HT2250123456789", "bhyt.card.parallel", "MA_DKBD" },
        { "XML1", "GT_THE_TU=20250302", "bhyt.card.validity", "NGAY_VAO" },
        { "XML2", "THANH_TIEN_BV=20002", "bhyt.amount.line", "THANH_TIEN_BV" },
        { "XML3", "THANH_TIEN_BH=99998", "bhyt.amount.line", "THANH_TIEN_BH" },
        { "XML2", "T_NGUONKHAC=500", "bhyt.amount.sources", "T_NGUONKHAC" },
        { "XML2", "T_BNCCT=4500", "bhyt.amount.split", "THANH_TIEN_BV" },
        { "XML2", "T_BHTT=15000", "bhyt.amount.benefit", "T_BHTT" },
        { "XML1", "T_THUOC=21000", "bhyt.total.differs", "T_THUOC" },
        { "XML1", "T_BHTT_GDV=0", "bhyt.total.differs", "T_BHTT_GDV" },
        { "XML1", "SO_NGAY_DTRI=2", "bhyt.days.count", "SO_NGAY_DTRI" },
        { "XML1", "NGAY_TTOAN=202503030900", "bhyt.time.order", "NGAY_TTOAN" },
        { "XML3", "NGAY_TH_YL=202503010959", "bhyt.time.order", "NGAY_TH_YL" },
        { "XML2", "NGAY_YL=202503010759", "bhyt.time.outside", "NGAY_YL" },
        { "XML5", "THOI_DIEM_DBLS=202503031001", "bhyt.time.outside", "THOI_DIEM_DBLS" },
        { "XML2", "STT=0", "bhyt.rows.stt", "STT" },
        { "XML2", "STT=2", "bhyt.rows.stt", null },
        { "XML1", "MA_LOAI_RV=2", "bhyt.table.required", null },
        { "XML1", "NGAY_TAI_KHAM=20250315", "bhyt.table.required", null },
        { "XML4", "MA_DICH_VU=23.0002.0002", "bhyt.result.no-service", "MA_DICH_VU" },
        { "XML4", "MA_DICH_VU=23.0002.0002", "bhyt.service.no-result", "MA_DICH_VU" },
        { "XML3", "MA_NHOM=2", "bhyt.result.conclusion", "KET_LUAN" },
        { "XML3", "MA_MAY=", "bhyt.service.machine", "MA_MAY" },
        { "XML3", "MA_NHOM=8", "bhyt.service.anaesthesia", "PP_VO_CAM" },
        { "XML3", "MA_NHOM=15|MA_GIUONG=X01", "bhyt.service.bed", "MA_GIUONG" },
        { "XML1", "MA_BENH_CHINH=N40", "bhyt.sex.icd", "MA_BENH_CHINH" },
        { "XML1", "MA_BENH_KT=P07.3", "bhyt.age.icd", "MA_BENH_KT" },
        { "XML7", "NGAY_RA=202503031001", "bhyt.cross.differs", "NGAY_RA" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_told_with_its_place(string table, string change, string rule, string? field)
    {
        var dossier = CheckSample.Good();
        CheckSample.Set(dossier[table]!.Rows[0], change);
        var finding = Assert.Single(CheckSample.Check(dossier), f => f.Rule == rule && f.Field == field);
        Assert.Equal(3, finding.Dossier);
        Assert.NotEqual(FindingSeverity.Refusal, finding.Severity);
        Assert.StartsWith("Hồ sơ 3, XML", finding.Vi, StringComparison.Ordinal);
        Assert.StartsWith("Dossier 3, XML", finding.En, StringComparison.Ordinal);
        Assert.Contains(field ?? finding.Table!, finding.Vi, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_are_checked()
    {
        var dossier = CheckSample.Good();
        CheckSample.Set(dossier.Summary, "GIOI_TINH=1|SO_CCCD=025065000001");
        CheckSample.Add(dossier, "XML10", "MA_LK=LK1|CHAN_DOAN_RV=Thai 10 tuần");
        CheckSample.Add(dossier, "XML11", "MA_LK=LK1|SO_NGAY_NGHI=31|TU_NGAY=20250303|DEN_NGAY=20250402");
        CheckSample.Add(dossier, "XML11", "MA_LK=LK1|SO_NGAY_NGHI=5|TU_NGAY=20250303|DEN_NGAY=20250304");
        var found = CheckSample.Check(dossier);
        Assert.Equal(2, found.Count(f => f.Rule == "bhyt.leave.days"));
        Assert.Single(found, f => f.Rule == "bhyt.leave.diagnosis");
        Assert.Single(found, f => f.Rule == "bhyt.sex.pregnancy");
    }

    [Theory]
    [InlineData("XML1", "NGAY_SINH=195500000000|SO_CCCD=")]
    [InlineData("XML1", "MA_THE_BHYT=DN4250123456789;HT2250123456789|MA_DKBD=25001;25001|GT_THE_TU=20250101;20250302|GT_THE_DEN=20250301;20251231")]
    [InlineData("XML3", "MA_DICH_VU=23.0001.0001_GT")]
    [InlineData("XML2", "THANH_TIEN_BV=20000.99")]
    [InlineData("XML1", "NGAY_TAI_KHAM=")]
    [InlineData("XML1", "MA_BENH_CHINH=A17.0†")]
    [InlineData("XML1", "NGAY_MIEN_CCT=20250405")]
    public void What_is_allowed_is_not_told(string table, string change)
    {
        var dossier = CheckSample.Good();
        CheckSample.Set(dossier[table]!.Rows[0], change);
        Assert.Empty(CheckSample.Check(dossier).Select(f => f.Vi));
    }

    [Fact]
    public void The_same_fault_on_every_row_is_told_twenty_times_at_most()
    {
        var dossier = CheckSample.Good();
        for (var i = 2; i <= 60; i++)
        {
            CheckSample.Add(dossier, "XML5", $"MA_LK=LK1|STT={i}|DIEN_BIEN_LS=x|THOI_DIEM_DBLS=202503020800");
        }

        Assert.Equal(20, CheckSample.Check(dossier).Count(f => f.Field == "NGUOI_THUC_HIEN"));
    }

    [Fact]
    public void Any_values_can_be_checked()
    {
        var random = new Random(20260701);
        string[] values = ["", " ", ";", "0", "99999999999999999999999999999", "-1", "1e9", "000000000000", "999912312359", "00010101", "99991231", "TE1", "😀", "A", "\n", "25001", "1;2;3", "10000000000", "000100000000"];
        for (var i = 0; i < 300; i++)
        {
            var dossier = CheckSample.Good();
            foreach (var row in dossier.Tables.SelectMany(t => t.Rows))
            {
                foreach (var field in row.Table.Fields)
                {
                    row[field.Index] = random.Next(3) == 0 ? values[random.Next(values.Length)] : row[field.Index];
                }
            }

            Assert.All(CheckSample.Check(dossier), f => Assert.NotEqual(FindingSeverity.Refusal, f.Severity));
        }
    }

    [Fact]
    public void The_rules_are_those_of_the_document_and_each_is_tested()
    {
        var document = File.ReadAllText(Repository.File("docs", "rules", "bhyt-checks.md"));
        var documented = DocumentedRule().Matches(document).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.All(CheckRules.All, r => Assert.Equal(r.Severity.ToString(), documented.GetValueOrDefault(r.Id)));
        var sources = Directory.EnumerateFiles(Repository.File("src", "Mach.Vietnam"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);
        var used = sources.SelectMany(s => UsedRule().Matches(s)).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Equal(documented.Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        var tested = Broken.Select(row => (string)row[2]).Concat(["bhyt.leave.days", "bhyt.leave.diagnosis", "bhyt.sex.pregnancy"]).ToHashSet();
        Assert.All(CheckRules.All, r => Assert.Contains(r.Id, tested));
    }

    [GeneratedRegex(@"^\| `(bhyt\.[a-z0-9.-]+)` \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedRule();

    [GeneratedRegex("\"(bhyt\\.[a-z0-9.-]+)\"")]
    private static partial Regex UsedRule();
}
