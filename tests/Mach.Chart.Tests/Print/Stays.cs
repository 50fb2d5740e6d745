using System.Text.Json.Nodes;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.Chart.Tests.Print;

/// <summary>An invented stay in bed, as XML1 to XML8 bring it: forty medicines, long words, a long name.</summary>
internal static class Stays
{
    public const string Person = "p-stay", Visit = "p-stay-v";
    public const string Name = "Nguyễn Hoàng Công Tằng Tôn Nữ Thị Phương Thảo Nguyên Khánh Ngọc Bích Vân Anh";
    private const string Facility = "25001";
    private static readonly DateTimeOffset At = new(2026, 10, 3, 14, 20, 0, TimeSpan.FromHours(7));

    public static Task AddAsync(RecordStore store, bool withSummary = true)
    {
        var encounter = Bodies.Encounter(Visit, Person, Facility, At, "IMP", Visit + "-c0", Visit + "-c1");
        encounter["hospitalization"] = new JsonObject { ["dischargeDisposition"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Systems.BhytList("KET_QUA_DTRI"), ["code"] = "2" }) } };
        encounter["extension"] = Row(("MA_HSBA", "2026/10/00412"));
        var writes = new List<JsonObject>
        {
            Bodies.Patient(Person, Name, "1951-02-27", "female", "025151000412", "HT2252500009999", "0911222333", "Số 18, tổ 4, khu tập thể Nhà máy Giấy, phường Phong Châu, tỉnh Phú Thọ", Facility),
            Bodies.Coverage(Person + "-cov", Person, "HT2252500009999", "2026-01-01", "2026-12-31"),
            encounter,
            Bodies.Condition(Visit + "-c0", Person, Visit, Facility, "J44.1", "Bệnh phổi tắc nghẽn mạn tính có đợt cấp, không xác định", At),
            Bodies.Condition(Visit + "-c1", Person, Visit, Facility, "I50.0", "Suy tim sung huyết", At),
            Bodies.Report(Visit + "-r", Person, Visit, Facility, "Chụp X-quang ngực thẳng", "Hình ảnh giãn phế nang hai phổi, bóng tim to, cung động mạch phổi phồng.", At.AddHours(2)),
        };
        writes.AddRange(Enumerable.Range(1, 40).Select(n => Bodies.Prescription($"{Visit}-m{n:00}", Person, Visit, Facility, $"40.{100 + n}",
            n % 5 == 0 ? $"Salbutamol (dưới dạng salbutamol sulfat) + Ipratropium bromid anhydrous dung dịch khí dung {n}" : $"Thuốc thử số {n}, 500mg", "Ngày dùng 2 lần, mỗi lần 1 đơn vị, sáng và chiều, sau ăn", 5, At.AddHours(n), n)));
        writes.AddRange(Enumerable.Range(1, 9).Select(n => Bodies.Observation($"{Visit}-o{n}", Person, Visit, Facility, $"01{n}", n == 1 ? "α-Fetoprotein (AFP)" : $"Xét nghiệm thử {n}", 3.5 + n, "µmol/L", At.AddHours(3), n, n == 1 ? "H" : null)));
        if (withSummary)
        {
            writes.Add(Summary());
        }

        return store.CommitAsync(new Commit { Actor = "test", Writes = [.. writes.Select(Bodies.Put)] }, CancellationToken.None);
    }

    private static JsonObject Summary() => new()
    {
        ["resourceType"] = "Composition",
        ["id"] = Visit + "-p8-1",
        ["meta"] = new JsonObject { ["source"] = new DossierUri(Facility, Visit, "XML8", 1).ToString() },
        ["status"] = "final",
        ["type"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = "34133-9" }) },
        ["subject"] = new JsonObject { ["reference"] = "Patient/" + Person },
        ["encounter"] = new JsonObject { ["reference"] = "Encounter/" + Visit },
        ["date"] = "2026-10-08",
        ["author"] = new JsonArray(new JsonObject { ["reference"] = "Organization/cskcb-" + Facility }),
        ["title"] = "Tóm tắt hồ sơ bệnh án",
        ["section"] = new JsonArray(
            Section("CHAN_DOAN_VAO", "Khó thở, theo dõi đợt cấp bệnh phổi tắc nghẽn mạn tính"),
            Section("CHAN_DOAN_RV", "Đợt cấp bệnh phổi tắc nghẽn mạn tính mức độ nặng / Suy tim sung huyết"),
            Section("QT_BENHLY", string.Join(' ', Enumerable.Repeat("Người bệnh khó thở tăng dần ba ngày, ho đờm đục, sốt nhẹ về chiều; đã dùng thuốc giãn phế quản tại nhà nhưng không đỡ nên đến khám và vào viện.", 6))),
            Section("TOMTAT_KQ", "Bạch cầu 13,2 G/L; CRP 86 mg/L; pCO₂ 52 mmHg.<br/>X-quang: giãn phế nang hai phổi."),
            Section("PP_DIEUTRI", "Thở ôxy, khí dung giãn phế quản, kháng sinh, corticoid đường toàn thân."),
            Section("GHI_CHU", "Hẹn khám lại sau 7 ngày.")),
        ["extension"] = Row(("DON_VI", "Hưu trí; trước đây công tác tại Tổng công ty Giấy Việt Nam, thị trấn Phong Châu")),
    };

    private static JsonObject Section(string field, string xhtml) => new()
    {
        ["id"] = field,
        ["title"] = field,
        ["text"] = new JsonObject { ["status"] = "additional", ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{xhtml}</div>" },
    };

    private static JsonArray Row(params (string Field, string Value)[] fields) => new(new JsonObject
    {
        ["url"] = Systems.Own + "/StructureDefinition/bhyt",
        ["extension"] = new JsonArray([.. fields.Select(f => (JsonNode)new JsonObject { ["url"] = f.Field, ["valueString"] = f.Value })]),
    });
}
