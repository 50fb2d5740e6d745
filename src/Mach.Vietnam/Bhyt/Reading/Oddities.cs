using System.Globalization;
using Mach.Kernel;

namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>What was odd in a dossier that could be read all the same.</summary>
internal static class Oddities
{
    public static Finding EmptyFile(int dossier, string kind) => Of("bhyt.file.empty", dossier, kind, 0, null,
        $"{Name(kind)}: NOIDUNGFILE trống nên không có bảng này. Nếu bảng không có dữ liệu, hãy bỏ cả FILEHOSO.",
        $"{Name(kind)}: NOIDUNGFILE is empty, so the table is absent. Leave out the whole FILEHOSO when there are no rows.");

    public static Finding KindFromRoot(int dossier, string sent, string table) => Of("bhyt.file.kind", dossier, table, 0, sent,
        $"LOAIHOSO ghi \"{Refusals.Cut(sent)}\" nhưng nội dung là {table}; đã đọc theo nội dung. Hãy ghi đúng LOAIHOSO.",
        $"LOAIHOSO says \"{Refusals.Cut(sent)}\" but the content is {table}; it was read as that. State the right LOAIHOSO.");

    public static Finding Undefined(int dossier, string table) => Of("bhyt.file.undefined", dossier, table, 0, null,
        $"Bảng \"{Refusals.Cut(table)}\" không có trong quy định; được giữ nguyên nhưng không được đọc.",
        $"The table \"{Refusals.Cut(table)}\" is not defined; it is kept as it is but not read.", FindingSeverity.Information);

    public static Finding Repeated(int dossier, string table, int row, string field, string value) => Of("bhyt.field.repeated", dossier, table, row, value,
        string.Create(CultureInfo.InvariantCulture, $"{table}, dòng {row}: trường {field} có nhiều lần; lấy giá trị đầu, các giá trị sau được giữ lại riêng. Hãy bỏ thẻ thừa."),
        string.Create(CultureInfo.InvariantCulture, $"{table}, row {row}: {field} occurs more than once; the first value is taken and the others are kept aside. Remove the extra tag."), field: field);

    public static Finding Unknown(int dossier, string table, int row, string field, string value) => Of("bhyt.field.unknown", dossier, table, row, value,
        string.Create(CultureInfo.InvariantCulture, $"{table}, dòng {row}: trường {Refusals.Cut(field)} không có trong quy định; được giữ lại nhưng không dùng."),
        string.Create(CultureInfo.InvariantCulture, $"{table}, row {row}: {Refusals.Cut(field)} is not a defined field; it is kept but not used."), FindingSeverity.Information, field);

    public static Finding OutsideRows(int dossier, string table, string name, string value) => Of("bhyt.table.outside-rows", dossier, table, 0, value,
        $"{table}: thẻ {Refusals.Cut(name)} nằm ngoài các dòng; được giữ lại nhưng không dùng. Hãy kiểm tra cấu trúc bảng.",
        $"{table}: {Refusals.Cut(name)} stands outside the rows; it is kept but not used. Check the structure of the table.", field: name);

    private static string Name(string kind) => kind.Length == 0 ? "FILEHOSO" : Refusals.Cut(kind);

    private static Finding Of(string rule, int dossier, string table, int row, string? value, string vi, string en, FindingSeverity severity = FindingSeverity.Warning, string? field = null) => new()
    {
        Rule = rule,
        Severity = severity,
        Dossier = dossier,
        Table = table.Length == 0 ? null : Refusals.Cut(table),
        Row = row,
        Field = field,
        Value = value is null ? null : Refusals.Cut(value),
        Vi = vi,
        En = en,
    };
}
