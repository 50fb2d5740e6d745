namespace Mach.Vietnam.Bhyt;

/// <summary>One permitted value of a list.</summary>
/// <param name="EffectiveFrom">First day it may be used; null = as long as the list.</param>
public sealed record CodeValue(string Code, string Vi, string En, DateOnly? EffectiveFrom = null);

/// <summary>A list of permitted values as one decision gives it.</summary>
public sealed class CodeList
{
    /// <summary>Name as <see cref="BhytField.CodeList"/> refers to it; mostly the field's own name.</summary>
    public required string Name { get; init; }
    public required string Vi { get; init; }
    public required string En { get; init; }
    public required string Source { get; init; }
    /// <summary>The day from which the values are known to be complete; before it nothing is said about a value. Null = always.</summary>
    public DateOnly? EffectiveFrom { get; init; }
    /// <summary>True when other values may be right too: then a value that is not in the list is no error.</summary>
    public bool Open { get; init; }
    public required IReadOnlyList<CodeValue> Values { get; init; }

    /// <summary>The value of a code on a day (any day without one); null when the list has no such code.</summary>
    public CodeValue? Find(string code, DateOnly? on = null)
    {
        foreach (var value in Values)
        {
            if (value.Code == code && (on is null || value.EffectiveFrom is null || value.EffectiveFrom <= on))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>False only when the list is complete on that day and does not have the code.</summary>
    public bool Permits(string code, DateOnly? on) => Open || (EffectiveFrom > on) || Find(code, on) is not null;
}

/// <summary>The code lists of the BHYT tables as dated data, embedded in this assembly (Bhyt/Data/code-lists.json).</summary>
public static class CodeLists
{
    private static readonly Dictionary<string, CodeList> Lists = Load();

    public static IReadOnlyCollection<CodeList> All => Lists.Values;

    /// <summary>The list of that name, or null.</summary>
    public static CodeList? Find(string list) => Lists.GetValueOrDefault(list);

    /// <summary>The value of a code in a list on a day; null when there is none. The code is taken trimmed.</summary>
    public static CodeValue? Find(string list, string code, DateOnly? on = null) => Find(list)?.Find(code.Trim(), on);

    private static Dictionary<string, CodeList> Load()
    {
        using var json = EmbeddedData.Read("bhyt/code-lists.json");
        return json.RootElement.EnumerateArray().Select(l => new CodeList
        {
            Name = l.Text("name"),
            Vi = l.Text("vi"),
            En = l.Text("en"),
            Source = l.Text("source"),
            EffectiveFrom = l.DayOrNull("from"),
            Open = l.Flag("open"),
            Values = [.. l.GetProperty("values").EnumerateArray().Select(v => new CodeValue(v.Text("code"), v.Text("vi"), v.Text("en"), v.DayOrNull("from")))],
        }).ToDictionary(l => l.Name, StringComparer.Ordinal);
    }
}
