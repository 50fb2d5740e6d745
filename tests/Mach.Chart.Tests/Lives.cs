using System.Globalization;
using System.Text.Json.Nodes;
using Mach.Store;

namespace Mach.Chart.Tests;

/// <summary>Invented lives: one long one, and neighbours with common names.</summary>
internal static class Lives
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.FromHours(7));
    public static readonly string[] Facilities = ["25001", "25012", "25148"];

    private static readonly (string Code, string Text)[] Chronic = [("I10", "Bệnh lý tăng huyết áp"), ("E11.9", "Đái tháo đường không phụ thuộc insuline, chưa có biến chứng"), ("M17", "Thoái hóa khớp gối")];
    private static readonly (string Code, string Text)[] Passing = [("J06.9", "Nhiễm trùng đường hô hấp trên cấp"), ("K29.7", "Viêm dạ dày"), ("S52.5", "Gãy đầu dưới xương quay"), ("H10", "Viêm kết mạc"), ("L30", "Viêm da")];
    private static readonly (string Code, string Name, string Dose)[] Medicines =
    [
        ("40.667", "Amlodipin 5mg", "Ngày uống 1 viên, sáng"),
        ("40.805", "Metformin 850mg", "Ngày uống 2 viên chia 2 lần, sau ăn"),
        ("40.549", "Atorvastatin 20mg", "Ngày uống 1 viên, tối"),
        ("40.048", "Paracetamol 500mg", "Uống 1 viên khi đau hoặc sốt, cách 6 giờ"),
    ];

    private static readonly (string Code, string Name, string Unit, double Usual)[] Indicators =
    [
        ("0110101", "Glucose máu", "mmol/L", 7.4), ("0110203", "HbA1c", "%", 6.9), ("0110144", "Creatinin máu", "µmol/L", 84),
        ("0110151", "Cholesterol toàn phần", "mmol/L", 5.1), ("0110160", "Triglycerid", "mmol/L", 1.9), ("0110120", "AST (GOT)", "U/L", 27), ("0110121", "ALT (GPT)", "U/L", 31),
    ];

    /// <summary>A person with this many visits over all facilities, about 18 resources each.</summary>
    public static async Task LongAsync(RecordStore store, string id, int visits)
    {
        var dice = new Random(7);
        var writes = new List<JsonObject>
        {
            Bodies.Patient(id, "Nguyễn Thị Đào", "1956-03-08", "female", "025156004271", "HT3252512345678", "0912345678", "Phường Việt Trì, Phú Thọ", Facilities),
            Bodies.Coverage(id + "-cov", id, "HT3252512345678", "2026-01-01", "2026-12-31"),
            Bodies.Allergy(id + "-alg", id, "Penicillin"),
        };
        for (var i = 0; i < visits; i++)
        {
            AddVisit(writes, id, i, Now.AddDays(-5 - (i * 12)).AddMinutes(dice.Next(300)), dice);
        }

        foreach (var chunk in writes.Chunk(400))
        {
            await store.CommitAsync(new Commit { Actor = "test", Writes = [.. chunk.Select(Bodies.Put)] }, CancellationToken.None);
        }
    }

    /// <summary>People without visits: names that only tones or order tell apart, odd and missing facts.</summary>
    public static Task NeighboursAsync(RecordStore store) => store.CommitAsync(new Commit
    {
        Actor = "test",
        Writes =
        [
            Bodies.Put(Bodies.Patient("p-an", "Nguyễn Văn An", "1965-07-12", "male", "025065001234", "GD4252500001111", "0987654321", "Xã Hy Cương, Phú Thọ", "25001")),
            Bodies.Put(Bodies.Patient("p-an2", "Nguyễn Vân An", "1965-11-02", "female", "025165001235")),
            Bodies.Put(Bodies.Patient("p-an3", "An Nguyễn Văn", "1990", "male")),
            Bodies.Put(Bodies.Patient("p-lan", "Trần Thị Lan", "1965-07-12", "female", null, null, null, "Xã Thanh Ba, Phú Thọ")),
            Bodies.Put(Bodies.Patient("p-baby", "Bé gái con bà Trần Thị Lan", "2026-11-08", "female")),
            Bodies.Put(Bodies.Patient("p-long", "Nguyễn Hoàng Công Tằng Tôn Nữ Thị Phương Thảo Nguyên Khánh Ngọc Bích Vân Anh", null, "unknown")),
            Bodies.Put(Deceased(Bodies.Patient("p-dead", "Phạm Văn Cũ", "1931", "male", "026031000777"))),
        ],
    }, CancellationToken.None);

    private static JsonObject Deceased(JsonObject patient)
    {
        patient["deceasedDateTime"] = "2025-02-03";
        return patient;
    }

    private static void AddVisit(List<JsonObject> writes, string id, int i, DateTimeOffset at, Random dice)
    {
        var visit = string.Create(CultureInfo.InvariantCulture, $"{id}-v{i:0000}");
        var facility = Facilities[i % 5 == 0 ? 0 : i % 11 == 3 ? 2 : 1];
        var diagnoses = new[] { Chronic[i % 3], Chronic[(i + 1) % 3], Passing[dice.Next(Passing.Length)] }.Take(i % 4 == 0 ? 3 : 2).ToArray();
        writes.Add(Bodies.Encounter(visit, id, facility, at, i % 23 == 5 ? "IMP" : "AMB", [.. diagnoses.Select((_, n) => $"{visit}-c{n}")]));
        writes.AddRange(diagnoses.Select((d, n) => Bodies.Condition($"{visit}-c{n}", id, visit, facility, d.Code, d.Text, at)));
        var medicines = Medicines.Take(i % 7 == 0 ? 4 : 3);
        writes.AddRange(medicines.Select((m, n) => Bodies.Prescription($"{visit}-m{n}", id, visit, facility, m.Code, m.Name, m.Dose, 30, at, n + 1)));
        writes.Add(Bodies.Observation($"{visit}-o0", id, visit, facility, "8867-4", "Mạch", 76 + dice.Next(-8, 9), "lần/phút", at, 0));
        for (var n = 0; n < Indicators.Length && i % 2 == 0; n++)
        {
            var indicator = Indicators[n];
            var value = indicator.Usual * (0.85 + (dice.NextDouble() * 0.35));
            writes.Add(Bodies.Observation($"{visit}-o{n + 1}", id, visit, facility, indicator.Code, indicator.Name, value, indicator.Unit, at.AddHours(1), n + 1, n == 0 && value > 7.6 ? "H" : null));
        }

        if (i % 9 == 1)
        {
            writes.Add(Bodies.Report($"{visit}-r", id, visit, facility, "Siêu âm ổ bụng", "Gan nhiễm mỡ độ I. Các tạng khác chưa thấy bất thường.", at.AddHours(1)));
        }
    }
}
