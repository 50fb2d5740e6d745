using System.Globalization;
using System.Text.Json;

namespace Mach.Vietnam.Bhyt;

/// <summary>The tables as dated data, embedded in this assembly (Bhyt/Data/xml*.json).</summary>
public static partial class BhytTables
{
    /// <summary>XML0 to XML15.</summary>
    private const int TableCount = 16;

    private static readonly BhytTable[] Shapes = [.. Enumerable.Range(0, TableCount).SelectMany(Load)];
    private static readonly Dictionary<string, BhytTable[]> ByName = Shapes.GroupBy(t => t.Name).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    /// <summary>Every shape of every table, in table order then by date.</summary>
    public static IReadOnlyList<BhytTable> All => Shapes;

    /// <summary>
    /// The shape of a table on a day; without a day the newest one. Null for an unknown name.
    /// A day before the first decision gives the first shape: older visits are sent in it too.
    /// </summary>
    public static BhytTable? Find(string name, DateOnly? on = null)
    {
        if (!ByName.TryGetValue(name, out var shapes))
        {
            return null;
        }

        for (var i = shapes.Length - 1; i > 0; i--)
        {
            if (on is null || shapes[i].EffectiveFrom <= on)
            {
                return shapes[i];
            }
        }

        return shapes[0];
    }

    /// <summary>All shapes of one table by date; empty for an unknown name.</summary>
    public static IReadOnlyList<BhytTable> ShapesOf(string name) => ByName.TryGetValue(name, out var shapes) ? shapes : [];

    private static List<BhytTable> Load(int number)
    {
        using var json = EmbeddedData.Read(string.Create(CultureInfo.InvariantCulture, $"bhyt/xml{number}.json"));
        var root = json.RootElement;
        var shapes = root.GetProperty("shapes").EnumerateArray().ToArray();
        var tables = new List<BhytTable>(shapes.Length);
        for (var i = 0; i < shapes.Length; i++)
        {
            tables.Add(new BhytTable
            {
                Name = root.Text("name"),
                Root = root.Text("root"),
                List = root.TextOrNull("list"),
                Row = root.TextOrNull("row"),
                Vi = root.Text("vi"),
                En = root.Text("en"),
                EffectiveFrom = shapes[i].Day("from"),
                EffectiveTo = i + 1 < shapes.Length ? shapes[i + 1].Day("from").AddDays(-1) : null,
                Source = shapes[i].Text("source"),
                Fields = shapes[i].TryGetProperty("fields", out var fields)
                    ? [.. fields.EnumerateArray().Select((f, index) => Field(f, index, null))]
                    : Changed(tables[^1].Fields, shapes[i].GetProperty("changes")),
            });
        }

        return tables;
    }

    /// <summary>A later decision that changes some fields in place; names and order stay.</summary>
    private static BhytField[] Changed(IReadOnlyList<BhytField> before, JsonElement changes)
    {
        var byName = changes.EnumerateArray().ToDictionary(c => c.Text("name"));
        var after = before.Select(f => byName.Remove(f.Name, out var change) ? Field(change, f.Index, f) : f).ToArray();
        return byName.Count == 0 ? after : throw new InvalidOperationException($"A change names the unknown field {byName.Keys.First()}.");
    }

    private static BhytField Field(JsonElement json, int index, BhytField? before) => new()
    {
        Name = json.Text("name"),
        Index = index,
        Type = Enum.Parse<BhytType>(json.TextOrNull("type") ?? before!.Type.ToString()),
        Form = Enum.Parse<BhytForm>(json.TextOrNull("form") ?? before!.Form.ToString()),
        MaxLength = json.TryGetProperty("max", out var max) ? max.GetInt32() : before?.MaxLength,
        Required = json.TextOrNull("required") is { } required ? Enum.Parse<BhytRequired>(required) : before?.Required ?? BhytRequired.Optional,
        When = json.TextOrNull("when") is { } when ? FieldCondition.Parse(when) : before?.When,
        CodeList = json.TextOrNull("list") ?? before?.CodeList,
        Repeats = json.TryGetProperty("repeats", out var repeats) ? repeats.GetBoolean() : before?.Repeats ?? false,
        Vi = json.TextOrNull("vi") ?? before!.Vi,
        En = json.TextOrNull("en") ?? before!.En,
    };
}
