using Mach.Kernel;

namespace Mach.People.Index;

/// <summary>A contradiction of identifiers in words that the sender understands.</summary>
internal static class Contradiction
{
    public static Finding Finding(IReadOnlyList<string> reasons)
    {
        var (vi, en) = reasons[0] switch
        {
            KeyRules.OtherCitizen => ("Số BHYT này đã gắn với một số CCCD khác.", "This insurance number already belongs to another citizen number."),
            KeyRules.TwoPersons => ("Số CCCD và số thẻ BHYT đang thuộc hai người khác nhau.", "The citizen number and the card belong to two different persons."),
            KeyRules.NationalDetails => ("Số CCCD đã có với họ tên, năm sinh hoặc giới tính khác.", "The citizen number is known with another name, birth year or sex."),
            KeyRules.AfterDeath => ("Giấy tờ này là của người đã được ghi nhận tử vong trước lần khám này.", "These papers belong to a person who is recorded as having died before this visit."),
            _ => ("Số BHYT đã có với họ tên, năm sinh hoặc giới tính khác.", "The insurance number is known with another name, birth year or sex."),
        };
        return new Finding
        {
            Rule = "person.contradiction",
            Severity = FindingSeverity.Warning,
            Table = "XML1",
            Row = 1,
            Field = reasons[0] is KeyRules.AfterDeath ? "NGAY_VAO" : reasons[0] is KeyRules.OtherCitizen or KeyRules.NationalDetails or KeyRules.TwoPersons ? "SO_CCCD" : "MA_THE_BHYT",
            Vi = vi + " Hồ sơ được lưu dưới một người tạm và chờ cán bộ dữ liệu quyết định; hãy kiểm tra lại giấy tờ của người bệnh.",
            En = en + " The dossier is filed under a provisional person and waits for a data officer; please check the person's papers.",
        };
    }
}
