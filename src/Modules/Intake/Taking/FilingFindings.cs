using Mach.Kernel;

namespace Mach.Intake.Taking;

/// <summary>Findings about receiving and filing, in words for the sender.</summary>
internal static class FilingFindings
{
    public static Finding TooLarge(long limit) => new()
    {
        Rule = RuleNames.TooLarge,
        Severity = FindingSeverity.Refusal,
        Vi = $"Tệp lớn hơn giới hạn {limit / (1024 * 1024)} MB. Hãy chia thành nhiều tệp rồi gửi lại.",
        En = $"The file is larger than the limit of {limit / (1024 * 1024)} MB. Split it into several files and send them again.",
    };

    public static Finding NotOpened() => new()
    {
        Rule = RuleNames.NotOpened,
        Severity = FindingSeverity.Refusal,
        Vi = "Không mở được tệp. Hãy kiểm tra tệp còn đó và quyền đọc, rồi nhập lại.",
        En = "The file cannot be opened. Check that it is still there and may be read, then import again.",
    };

    public static Finding BoundFacility(int dossier, string facility, string bound) => new()
    {
        Rule = RuleNames.BoundFacility,
        Severity = FindingSeverity.Refusal,
        Dossier = dossier,
        Table = "XML1",
        Row = 1,
        Field = "MA_CSKCB",
        Value = facility,
        Vi = $"Tài khoản này chỉ được gửi hồ sơ của cơ sở {bound}, nhưng hồ sơ thứ {dossier} thuộc cơ sở {facility}.",
        En = $"This account may send for facility {bound} only, but dossier {dossier} belongs to facility {facility}.",
    };

    public static Finding FacilityCode(int dossier, string facility) => new()
    {
        Rule = RuleNames.FacilityCode,
        Severity = FindingSeverity.Refusal,
        Dossier = dossier,
        Table = "XML1",
        Row = 1,
        Field = "MA_CSKCB",
        Value = facility.Length > 200 ? facility[..200] : facility,
        Vi = $"Hồ sơ thứ {dossier}: mã cơ sở '{Cut(facility)}' không phải 5 chữ số hoặc chữ cái, nên không biết hồ sơ của cơ sở nào. Hãy sửa MACSKCB hoặc MA_CSKCB.",
        En = $"Dossier {dossier}: the facility code '{Cut(facility)}' is not 5 letters or digits, so its facility is not known. Correct MACSKCB or MA_CSKCB.",
    };

    public static Finding ProvisionalFacility(int dossier, string facility) => new()
    {
        Rule = RuleNames.ProvisionalFacility,
        Severity = FindingSeverity.Information,
        Dossier = dossier,
        Field = "MA_CSKCB",
        Value = facility,
        Vi = $"Cơ sở {facility} chưa có trong danh mục; hồ sơ được nhận và cơ sở chờ cán bộ dữ liệu xác nhận.",
        En = $"Facility {facility} is not in the registry yet; the dossier is taken and the facility waits for a data officer.",
    };

    public static Finding LateCheckIn(int dossier) => new()
    {
        Rule = RuleNames.LateCheckIn,
        Severity = FindingSeverity.Information,
        Dossier = dossier,
        Table = "XML0",
        Vi = "Đã có hồ sơ đầy đủ (XML1) của đợt điều trị này; bản tin vào viện (XML0) đến sau được giữ nhưng không thay đổi gì.",
        En = "The complete dossier (XML1) of this episode is already here; the check-in (XML0) that came after it is kept and changes nothing.",
    };

    public static Finding NotMapped(int dossier) => new()
    {
        Rule = RuleNames.Mapping,
        Severity = FindingSeverity.Refusal,
        Dossier = dossier,
        Vi = $"Hồ sơ thứ {dossier} đọc được nhưng hệ thống không chuyển đổi được. Hồ sơ gốc đã được giữ; hãy báo cho người quản trị.",
        En = $"Dossier {dossier} could be read but not converted. The original is kept; please tell the administrator.",
    };

    private static string Cut(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
