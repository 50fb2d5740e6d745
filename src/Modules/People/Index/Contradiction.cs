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
            KeyRules.VisitOtherPerson => ("Đợt điều trị (MA_LK) này đã được gửi trước đây cho một người bệnh khác họ tên, năm sinh hoặc giới tính.", "This episode (MA_LK) was sent before for a patient with another name, birth year or sex."),
            _ => ("Số BHYT đã có với họ tên, năm sinh hoặc giới tính khác.", "The insurance number is known with another name, birth year or sex."),
        };
        var (viThen, enThen) = reasons[0] is KeyRules.VisitOtherPerson
            ? (" Hồ sơ được chuyển sang người bệnh mới, bản trước vẫn được giữ và cán bộ dữ liệu sẽ xem lại; nếu đây là một đợt điều trị khác, hãy gửi lại từng đợt với MA_LK riêng.",
                " The dossier now stands under the new patient, its earlier version is kept and a data officer will look; if this is another episode, send each episode again under an MA_LK of its own.")
            : (" Hồ sơ được lưu dưới một người tạm và chờ cán bộ dữ liệu quyết định; hãy kiểm tra lại giấy tờ của người bệnh.",
                " The dossier is filed under a provisional person and waits for a data officer; please check the person's papers.");
        return new Finding
        {
            Rule = "person.contradiction",
            Severity = FindingSeverity.Warning,
            Table = "XML1",
            Row = 1,
            Field = reasons[0] switch
            {
                KeyRules.VisitOtherPerson => "MA_LK",
                KeyRules.AfterDeath => "NGAY_VAO",
                KeyRules.OtherCitizen or KeyRules.NationalDetails or KeyRules.TwoPersons => "SO_CCCD",
                _ => "MA_THE_BHYT",
            },
            Vi = vi + viThen,
            En = en + enThen,
        };
    }
}
