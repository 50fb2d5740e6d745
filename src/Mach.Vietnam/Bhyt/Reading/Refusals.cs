using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Mach.Kernel;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>Why an envelope or a dossier cannot be taken, in words for the clerk who sent it. Rules: docs/rules/bhyt-checks.md, "refused".</summary>
internal static class Refusals
{
    private const int MaxValueLength = 200;

    public static DossierException Empty() => Of("bhyt.envelope.empty", 0,
        $"Tệp rỗng. Hãy xuất lại hồ sơ từ phần mềm bệnh viện rồi gửi lại.",
        $"The file is empty. Export it again from the hospital system and send it again.");

    public static DossierException NotXml() => Of("bhyt.envelope.not-xml", 0,
        $"Tệp không phải XML (không bắt đầu bằng dấu <). Hãy gửi tệp XML GIAMDINHHS, không nén, không đổi đuôi.",
        $"The file is not XML (it does not begin with <). Send the GIAMDINHHS XML file itself, not compressed or renamed.");

    public static DossierException EnvelopeTooLarge(long maxBytes) => Of("bhyt.envelope.too-large", 0,
        $"Tệp lớn hơn giới hạn {maxBytes / 1024 / 1024} MB. Hãy chia thành nhiều tệp nhỏ hơn.",
        $"The file is larger than the limit of {maxBytes / 1024 / 1024} MB. Split it into smaller files.");

    public static DossierException DossierTooLarge(int dossier, int maxBytes) => Of("bhyt.dossier.too-large", dossier,
        $"Hồ sơ thứ {dossier} lớn hơn giới hạn {maxBytes / 1024 / 1024} MB. Hãy kiểm tra nội dung đính kèm trong hồ sơ này.",
        $"Dossier {dossier} is larger than the limit of {maxBytes / 1024 / 1024} MB. Look for attached content in it.");

    public static DossierException TooDeep() => Of("bhyt.envelope.too-deep", 0,
        $"Tệp lồng quá nhiều lớp phần tử nên không được đọc.",
        $"The file nests too many elements and is not read.");

    public static DossierException Dtd() => Of("bhyt.envelope.dtd", 0,
        $"Tệp có khai báo DTD hoặc thực thể; vì an toàn tệp không được đọc. Hãy bỏ dòng <!DOCTYPE …>.",
        $"The file declares a DTD or entities; for safety it is not read. Remove the <!DOCTYPE …> line.");

    public static DossierException Malformed(int line, int column, string reason) => Of("bhyt.envelope.malformed", 0,
        $"Tệp XML không hợp lệ tại dòng {line}, cột {column}. Hãy xuất lại tệp.",
        $"The XML is not well formed at line {line}, column {column}: {reason} Export the file again.");

    public static DossierException Truncated(int line, int column) => Of("bhyt.envelope.truncated", 0,
        $"Tệp bị cắt giữa chừng tại dòng {line}, cột {column} (thiếu phần cuối). Hãy gửi lại toàn bộ tệp.",
        $"The file ends too early at line {line}, column {column}. Send the whole file again.");

    public static DossierException Encoding() => Of("bhyt.envelope.encoding", 0,
        $"Chữ trong tệp không phải mã UTF-8. Hãy lưu tệp theo mã UTF-8 rồi gửi lại.",
        $"The text of the file is not UTF-8. Save it as UTF-8 and send it again.");

    public static DossierException WrongRoot(string root) => Of("bhyt.envelope.root", 0,
        $"Phần tử gốc là <{Cut(root)}>, cần là <GIAMDINHHS> (hồ sơ) hoặc <CHI_TIEU_TRANG_THAI_KCB> (check-in).",
        $"The root element is <{Cut(root)}>; it must be <GIAMDINHHS> (dossiers) or <CHI_TIEU_TRANG_THAI_KCB> (check-in).", value: root);

    public static DossierException NoDossier() => Of("bhyt.envelope.no-dossier", 0,
        $"Tệp không có hồ sơ nào (không có <HOSO> trong <DANHSACHHOSO>).",
        $"The file holds no dossier (no <HOSO> in <DANHSACHHOSO>).");

    public static DossierException CountMissing(int found) => Of("bhyt.envelope.count", 0,
        $"Thiếu SOLUONGHOSO; trong tệp có {found} hồ sơ. Hãy ghi đúng số lượng để chắc chắn tệp không bị thiếu.",
        $"SOLUONGHOSO is missing; the file holds {found} dossiers. State the number, so that a cut file can be told.", field: EnvelopeNames.Count);

    public static DossierException CountNotNumber(string value) => Of("bhyt.envelope.count", 0,
        $"SOLUONGHOSO là \"{Cut(value)}\", không phải số. Hãy ghi số lượng hồ sơ trong tệp.",
        $"SOLUONGHOSO is \"{Cut(value)}\", which is no number. State the number of dossiers in the file.", field: EnvelopeNames.Count, value: value);

    public static DossierException CountDiffers(string value, int found) => Of("bhyt.envelope.count", 0,
        $"SOLUONGHOSO ghi {value} nhưng tệp có {found} hồ sơ. Tệp có thể bị thiếu; hãy kiểm tra và gửi lại.",
        $"SOLUONGHOSO says {value}, but the file holds {found} dossiers. The file may be incomplete; check it and send it again.", field: EnvelopeNames.Count, value: value);

    public static DossierException BadElement(int dossier, XmlSyntaxException error) => Of("bhyt.dossier.malformed", dossier,
        $"Hồ sơ thứ {dossier}: phần tử HOSO không đọc được ({error.Vi}). Hãy xuất lại hồ sơ này.",
        $"Dossier {dossier}: its HOSO element cannot be read ({error.Message}). Export this dossier again.");

    public static DossierException BadBase64(int dossier, string table, string content) => Of("bhyt.dossier.base64", dossier,
        $"Hồ sơ thứ {dossier}, {table}: NOIDUNGFILE không giải mã Base64 được. Hãy xuất lại hồ sơ này.",
        $"Dossier {dossier}, {table}: NOIDUNGFILE is not valid Base64. Export this dossier again.", table, EnvelopeNames.Body, content);

    public static DossierException BadTable(int dossier, string table, XmlSyntaxException error, (int Line, int Column) at) => Of("bhyt.dossier.inner-xml", dossier,
        $"Hồ sơ thứ {dossier}, {table}: XML bên trong không hợp lệ tại dòng {at.Line}, cột {at.Column} ({error.Vi}). Hãy sửa bảng này rồi gửi lại.",
        $"Dossier {dossier}, {table}: the inner XML is not well formed at line {at.Line}, column {at.Column} ({error.Message}). Correct this table and send it again.", table);

    public static DossierException NoSummary(int dossier) => Of("bhyt.dossier.no-xml1", dossier,
        $"Hồ sơ thứ {dossier} không có bảng XML1 (tổng hợp) nên không biết của người bệnh nào. Hãy gửi kèm XML1.",
        $"Dossier {dossier} has no table XML1 (summary), so it is not known whose it is. Send it with XML1.", "XML1");

    public static DossierException SeveralSummaries(int dossier) => Of("bhyt.dossier.several-xml1", dossier,
        $"Hồ sơ thứ {dossier} có nhiều bảng XML1; mỗi HOSO chỉ được có một. Hãy tách thành nhiều HOSO.",
        $"Dossier {dossier} has several tables XML1; a HOSO may have only one. Split it into several HOSO.", "XML1");

    public static DossierException NoKey(int dossier, string table) => Of("bhyt.dossier.no-ma-lk", dossier,
        $"Hồ sơ thứ {dossier}, {table}: thiếu MA_LK nên không xác định được đợt điều trị. Hãy ghi MA_LK.",
        $"Dossier {dossier}, {table}: MA_LK is missing, so the episode cannot be told. State MA_LK.", table, "MA_LK");

    public static DossierException KeyDiffers(int dossier, string maLk, string tables, string other) => Of("bhyt.dossier.ma-lk-differs", dossier,
        $"Hồ sơ thứ {dossier}: MA_LK của XML1 là \"{Cut(maLk)}\" nhưng khác ở {tables} (\"{Cut(other)}\"). Các bảng có thể của hai đợt điều trị; hãy gửi lại đúng bộ.",
        $"Dossier {dossier}: MA_LK is \"{Cut(maLk)}\" in XML1 but differs in {tables} (\"{Cut(other)}\"). The tables may belong to two episodes; send the right set.", field: "MA_LK", value: other);

    public static DossierException FacilityDiffers(int dossier, string table, string envelope, string own) => Of("bhyt.dossier.facility-differs", dossier,
        $"Hồ sơ thứ {dossier}: MACSKCB của tệp là \"{Cut(envelope)}\" nhưng MA_CSKCB trong {table} là \"{Cut(own)}\". Hãy gửi đúng mã cơ sở.",
        $"Dossier {dossier}: MACSKCB of the file is \"{Cut(envelope)}\" but MA_CSKCB in {table} is \"{Cut(own)}\". Send it under the right facility.", table, "MA_CSKCB", own);

    public static DossierException NoFacility(int dossier, string table) => Of("bhyt.dossier.no-facility", dossier,
        $"Hồ sơ thứ {dossier}: cả MACSKCB của tệp và MA_CSKCB trong {table} đều trống. Hãy ghi mã cơ sở.",
        $"Dossier {dossier}: both MACSKCB of the file and MA_CSKCB in {table} are empty. State the facility code.", table, "MA_CSKCB");

    /// <summary>Shortens what others wrote before it is shown.</summary>
    public static string Cut(string value) => value.Length <= MaxValueLength ? value : value[..(char.IsHighSurrogate(value[MaxValueLength - 1]) ? MaxValueLength - 1 : MaxValueLength)];

    private static DossierException Of(
        string rule, int dossier, Invariant vi, Invariant en, string? table = null, string? field = null, string? value = null) =>
        new(new Finding
        {
            Rule = rule,
            Severity = FindingSeverity.Refusal,
            Dossier = dossier,
            Table = table,
            Field = field,
            Value = value is null ? null : Cut(value),
            Vi = vi.Text,
            En = en.Text,
        });

    /// <summary>An interpolated sentence whose numbers never follow a machine's culture.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Invariant(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 8));

        public string Text => _text.ToString();

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted(string? text) => _text.Append(text);

        public void AppendFormatted(long number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));
    }
}
