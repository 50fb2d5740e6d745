namespace Mach.Indicators.Facts;

/// <summary>What a column of a view holds.</summary>
public enum ColumnKind { Text, Number }

/// <summary>One column of a view.</summary>
/// <param name="Vi">What it holds, in words.</param>
public sealed record FactColumn(string Name, ColumnKind Kind, string Vi, string En);

/// <summary>
/// The record as a table of events, in the manner of SQL on FHIR (https://sql-on-fhir.org/ig/latest/): one row a resource, each with its day, facility and person. Expressions name the columns.
/// </summary>
public sealed class FactView
{
    private FactView(short number, string name, string vi, string en, params FactColumn[] columns)
    {
        (Number, Name, Vi, En) = (number, name, vi, en);
        Columns = [.. columns, .. Common];
        Index = Columns.Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i, StringComparer.Ordinal);
    }

    public short Number { get; }
    public string Name { get; }
    public string Vi { get; }
    public string En { get; }
    public IReadOnlyList<FactColumn> Columns { get; }
    public IReadOnlyDictionary<string, int> Index { get; }

    /// <summary>Values of a row: its columns, and whether the person is nobody real.</summary>
    internal int Width => Columns.Count + 1;

    /// <summary>Of the person, on the day of the event, and of the event's place.</summary>
    private static FactColumn[] Common =>
    [
        Text("sex", "giới tính: male, female, unknown", "sex: male, female, unknown"),
        Number_("age", "tuổi tròn năm vào ngày ấy", "age in whole years on the day"),
        Text("facility", "mã cơ sở", "facility code"),
        Text("commune", "mã xã nơi cư trú", "code of the commune of residence"),
        Number_("month", "tháng 1–12", "month 1–12"),
        Number_("weekday", "thứ 1–7, 1 là thứ Hai", "day of the week, 1 is Monday"),
    ];

    public static readonly FactView Visit = new(1, "visit", "Lượt khám, điều trị, theo ngày đến", "Visits, by the day of arrival",
        Text("class", "loại: AMB ngoại trú, IMP nội trú, OBSENC lưu …", "class: AMB, IMP, OBSENC …"),
        Text("form", "mã loại khám chữa bệnh (MA_LOAI_KCB)", "code of the form of care"),
        Text("payer", "mã đối tượng (MA_DOITUONG_KCB)", "code of who is treated"),
        Text("status", "trạng thái Encounter", "Encounter.status"),
        Text("origin", "mã nơi chuyển đến", "facility that referred here"),
        Text("destination", "mã nơi nhận chuyển", "facility that the person went on to"),
        Number_("hour", "giờ đến 0–23", "hour of arrival 0–23"));

    public static readonly FactView Discharge = new(2, "discharge", "Đợt đã kết thúc, theo ngày ra", "Finished visits, by the day of leaving",
        Text("class", "loại như của visit", "class, as of visit"),
        Text("form", "mã loại khám chữa bệnh", "code of the form of care"),
        Number_("days", "số ngày điều trị", "days of treatment"),
        Text("outcome", "mã kết quả điều trị (KET_QUA_DTRI)", "code of the outcome"),
        Text("leaving", "mã loại ra viện (MA_LOAI_RV)", "code of the kind of leaving"),
        Text("origin", "mã nơi chuyển đến", "facility that referred here"),
        Text("destination", "mã nơi nhận chuyển", "facility that the person went on to"));

    public static readonly FactView Diagnosis = new(3, "diagnosis", "Chẩn đoán của các lượt", "Diagnoses of visits",
        Text("code", "mã ICD-10", "ICD-10 code"),
        Text("status", "trạng thái lâm sàng", "clinical status"));

    public static readonly FactView Procedure = new(4, "procedure", "Thủ thuật, phẫu thuật đã làm", "Procedures that were done",
        Text("code", "mã dịch vụ kỹ thuật", "code of the technical service"),
        Text("group", "mã nhóm chi phí (MA_NHOM)", "group of cost"),
        Text("icd9", "mã ICD-9-CM", "ICD-9-CM code"));

    public static readonly FactView Order = new(5, "order", "Chỉ định", "Orders",
        Text("code", "mã dịch vụ kỹ thuật", "code of the technical service"),
        Text("group", "mã nhóm: 1 xét nghiệm, 2 chẩn đoán hình ảnh, 3 thăm dò chức năng", "group: 1 laboratory, 2 imaging, 3 functional tests"),
        Text("kind", "referral: giấy chuyển; order: chỉ định", "referral or order"));

    public static readonly FactView Medication = new(6, "medication", "Thuốc đã kê", "Medicines that were prescribed",
        Text("code", "mã hoạt chất", "code of the active ingredient"),
        Text("atc", "mã ATC theo danh mục", "ATC code by the catalogue"),
        Number_("quantity", "số lượng", "quantity"));

    public static readonly FactView Report = new(7, "report", "Kết quả chẩn đoán", "Diagnostic reports",
        Text("code", "mã dịch vụ kỹ thuật", "code of the technical service"),
        Text("category", "RAD, LAB …", "RAD, LAB …"));

    public static readonly FactView Result = new(8, "result", "Chỉ số xét nghiệm", "Laboratory results",
        Text("code", "mã LOINC hoặc mã chỉ số", "LOINC code, or the facility's"),
        Text("flag", "H, L … do nơi đo ghi", "H, L … as the laboratory says"),
        Number_("value", "giá trị số", "value, a number"));

    public static readonly FactView Claim = new(9, "claim", "Chi phí, theo ngày tạo", "Costs, by the day of creation",
        Number_("total", "tổng chi (đồng)", "total, VND"),
        Number_("insured", "BHYT chi trả (đồng)", "paid by insurance, VND"),
        Number_("own", "người bệnh trả (đồng)", "paid by the person, VND"),
        Number_("medicines", "tiền thuốc (đồng)", "medicines, VND"));

    public static readonly FactView Paper = new(10, "paper", "Giấy tờ trong hồ sơ", "Papers",
        Text("table", "bảng: XML7 giấy ra viện, XML8 tóm tắt, XML11 nghỉ việc …", "table: XML7 discharge, XML8 summary, XML11 sick leave …"));

    public static readonly FactView Birth = new(11, "birth", "Trẻ sinh, theo giấy chứng sinh", "Births, by the certificate",
        Text("child_sex", "giới tính của trẻ", "sex of the child"));

    public static readonly FactView Person = new(12, "death", "Người đã mất, theo ngày mất", "Deaths, by the day of death");

    public static readonly IReadOnlyList<FactView> All = [Visit, Discharge, Diagnosis, Procedure, Order, Medication, Report, Result, Claim, Paper, Birth, Person];

    public static FactView? Find(string name) => All.FirstOrDefault(v => v.Name == name);

    public static FactView Of(short number) => All[number - 1];

    private static FactColumn Text(string name, string vi, string en) => new(name, ColumnKind.Text, vi, en);

    private static FactColumn Number_(string name, string vi, string en) => new(name, ColumnKind.Number, vi, en);
}
