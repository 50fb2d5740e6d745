using System.Text.Json;
using Mach.Contracts.Registry;
using Mach.Registry.Imports;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Catalogues;

/// <summary>An imported entry: name, version and attributes as they stand in reg_catalogue_fact.</summary>
internal static class CatalogueLine
{
    public const string Aspect = "entry";
    private const int LongestCode = 100;

    public static string Subject(string catalogue, string code) => catalogue + ":" + code;

    public static void State(RegistryDraft draft, string catalogue, ImportRow row)
    {
        var code = row["code"];
        if (code.Length > LongestCode)
        {
            row.Say("code", "Mã dài hơn 100 ký tự.", "The code is longer than 100 characters.");
            return;
        }

        var (from, to) = (row.Date("valid_from") ?? row.FileFrom, row.Date("valid_to"));
        if (to is { } last && last < from)
        {
            row.Say("valid_to", "Ngày hết hiệu lực trước ngày có hiệu lực.", "It ends before it begins.");
            return;
        }

        var subject = Subject(catalogue, code);
        var attributes = row.Columns.Where(c => c is not ("code" or "name" or "valid_from" or "valid_to" or "version") && row[c].Length > 0).Order(StringComparer.Ordinal).ToDictionary(c => c, c => row[c], StringComparer.Ordinal);
        var entry = JsonSerializer.Serialize(new Entry(row["name"], row["version"].Length > 0 ? row["version"] : LedgerTable.Iso(row.FileFrom), attributes));
        var (start, end) = (from, to is { } until ? until.AddDays(1) : DateOnly.MaxValue);
        if (draft.Catalogues.Opened.Any(f => f.Subject == subject && f.Overlaps(start, end) && f.Value != entry))
        {
            row.Say("code", $"Mã {ImportRow.Short(code)} có hai dòng khác nhau cho cùng thời gian.", $"The code {ImportRow.Short(code)} has two different lines for the same time.");
            return;
        }

        draft.Catalogues.State(new Statement(subject, Aspect, entry, start, end));
    }

    public static CatalogueEntry Read(Fact fact)
    {
        var entry = JsonSerializer.Deserialize<Entry>(fact.Value)!;
        return new CatalogueEntry(fact.Subject[(fact.Subject.IndexOf(':', StringComparison.Ordinal) + 1)..], entry.Name, entry.Attributes, entry.Version, fact.From, fact.To);
    }

    /// <summary>An entry as the value of a fact.</summary>
    public static string Write(CatalogueEntry entry) => JsonSerializer.Serialize(new Entry(entry.Name, entry.Version, entry.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal)));

    private sealed record Entry(string Name, string Version, Dictionary<string, string> Attributes);
}
