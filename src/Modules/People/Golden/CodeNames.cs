using Mach.Contracts.Registry;
using Mach.Kernel;

namespace Mach.People.Golden;

/// <summary>What the codes of a person's details mean: ethnic group, nationality and occupation, by the catalogues as they are on a day.</summary>
internal sealed class CodeNames(ICatalogues catalogues, TimeProvider time)
{
    private static readonly Dictionary<string, string> Catalogues = new(StringComparer.Ordinal)
    {
        ["ethnicity"] = "ethnic-groups",
        ["nationality"] = "nationalities",
        ["occupation"] = "occupations",
    };

    public static bool IsCode(string field) => Catalogues.ContainsKey(field);

    /// <summary>Names by field and code of all that is stated of somebody; a code without a name is left out.</summary>
    public async ValueTask<IReadOnlyDictionary<(string Field, string Code), string>> OfAsync(Identity person, CancellationToken ct)
    {
        var names = new Dictionary<(string, string), string>();
        foreach (var field in person.Fields.Where(f => IsCode(f.Key)))
        {
            foreach (var code in field.Values.Concat(field.Others).Select(v => v.Text).Distinct(StringComparer.Ordinal))
            {
                if (await NameAsync(field.Key, code, ct) is { } name)
                {
                    names[(field.Key, code)] = name;
                }
            }
        }

        return names;
    }

    /// <summary>Occupations are a tree in which a group's code begins the codes of what belongs to it (QĐ 34/2020/QĐ-TTg): the closest group that has a name stands for what has none.</summary>
    private async ValueTask<string?> NameAsync(string field, string code, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(PartialDate.VietnamOffset).DateTime);
        for (var length = code.Length; length > 0; length = field == "occupation" ? length - 1 : 0)
        {
            if (await catalogues.FindAsync(Catalogues[field], code[..length], today, ct) is { } entry)
            {
                return entry.Name;
            }
        }

        return null;
    }
}
