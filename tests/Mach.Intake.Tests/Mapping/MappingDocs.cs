using System.Globalization;
using System.Text;
using Mach.Intake.Mapping.Tables;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Writes docs/mapping from the templates that the mapping runs on.</summary>
internal static class MappingDocs
{
    /// <summary>One page per table; a second list where an older shape has other fields.</summary>
    public static string Page(string table)
    {
        var shapes = BhytTables.All.Where(t => t.Name == table).ToList();
        var newest = BhytTables.Find(table)!;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {table}: {newest.Vi} / {newest.En}\n\n");
        text.Append("Written by a test from the templates in `src/Modules/Intake/Mapping`; do not edit. Tệp do kiểm thử tự ghi, không sửa tay.\n\n");
        Write(text, newest);
        var shown = newest.Fields.Select(f => f.Name).ToHashSet();
        foreach (var older in shapes.Where(s => s != newest && s.Fields.Any(f => !shown.Contains(f.Name))).DistinctBy(s => string.Join(' ', s.Fields.Select(f => f.Name))))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Trường của mẫu trước / fields of the earlier shape ({older.EffectiveFrom:yyyy-MM-dd}, {older.Source})\n\n");
            Write(text, older, shown);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, BhytTable shape, HashSet<string>? except = null)
    {
        var map = TableMaps.For(shape);
        var mentions = map.Fragments.SelectMany(f => f.Describe()).Concat(map.Elsewhere).ToLookup(m => m.Field);
        text.Append("| # | Trường / field | Nhãn / label | FHIR R4 | Cách ghi / form |\n|---|---|---|---|---|\n");
        foreach (var field in shape.Fields.Where(f => except?.Contains(f.Name) != true))
        {
            var places = mentions[field.Index].DistinctBy(m => (m.Path, m.Form)).ToList();
            var own = places.Where(p => p.Form is not null).ToList();
            var lines = own.Select(p => $"`{p.Path}`").Concat(places.Where(p => p.Form is null && !own.Exists(o => o.Path == p.Path)).Select(p => $"`{p.Path}` (bản sao / copy)"));
            var forms = own.Select(p => p.Form!).Select(f => f.Vi == f.En ? f.Vi : f.Vi + " / " + f.En).Distinct();
            var extension = own.Count > 0 ? [] : Owners(map, field).Select(type => $"`{type}.extension(bhyt).{field.Name}`");
            text.Append(CultureInfo.InvariantCulture, $"| {field.Index + 1} | `{field.Name}` | {field.Vi} / {field.En} | {Join(extension.Concat(lines))} | {Join(own.Count > 0 ? forms : [Kept(map.Implied[field.Index])])} |\n");
        }
    }

    /// <summary>Resources whose extension carries the field.</summary>
    private static IEnumerable<string> Owners(TableMap map, BhytField field)
    {
        var owners = map.Fragments.Where(f => ((f.Own >> field.Index) & 1) != 0).Select(f => f.Type).Distinct().ToList();
        return owners.Count > 0 ? owners : map.Mains.Select(f => f.Type).Distinct();
    }

    private static string Kept(Implied implied) => implied.Kind switch
    {
        ImpliedKind.None => "nguyên văn / as sent",
        ImpliedKind.Episode => "không ghi khi bằng MA_LK của hồ sơ / left out when the dossier's MA_LK",
        ImpliedKind.Facility => "không ghi khi bằng mã cơ sở của hồ sơ / left out when the dossier's facility",
        ImpliedKind.Ordinal => "không ghi khi bằng số thứ tự của dòng / left out when the row's place",
        ImpliedKind.Constant => $"không ghi khi bằng {implied.Text} / left out when {implied.Text}",
        _ => $"không ghi khi bằng {implied.Text} của XML1 / left out when XML1's {implied.Text}",
    };

    private static string Join(IEnumerable<string> parts) => string.Join("<br>", parts);
}
