using System.Globalization;
using System.Text.Json;

namespace Mach.Chart.Sources;

/// <summary>One place where two versions of a resource differ.</summary>
/// <param name="Path">As in FHIRPath: name[0].family.</param>
/// <param name="Before">Null when it was not there.</param>
/// <param name="After">Null when it is no longer there.</param>
public sealed record Difference(string Path, string? Before, string? After);

/// <summary>What changed from one version of a resource to another, element by element, in the order of the elements.</summary>
internal static class JsonDifference
{
    /// <summary>What changes with every version and says nothing.</summary>
    private static readonly string[] s_bookkeeping = ["meta.versionId", "meta.lastUpdated"];

    /// <summary>Members in another order are no difference; what was put into or taken out of a list does not make all after it differ.</summary>
    public static IReadOnlyList<Difference> Of(JsonElement before, JsonElement after)
    {
        var found = new List<Difference>();
        Compare("", before, after, found);
        return [.. found.Where(d => !s_bookkeeping.Contains(d.Path, StringComparer.Ordinal))];
    }

    private static void Compare(string path, JsonElement? before, JsonElement? after, List<Difference> found)
    {
        if (before is { } b && after is { } a)
        {
            if (JsonElement.DeepEquals(b, a))
            {
                return;
            }

            if (b.ValueKind == JsonValueKind.Object && a.ValueKind == JsonValueKind.Object)
            {
                foreach (var name in b.EnumerateObject().Select(m => m.Name).Union(a.EnumerateObject().Select(m => m.Name), StringComparer.Ordinal))
                {
                    Compare(path.Length == 0 ? name : path + "." + name, Member(b, name), Member(a, name), found);
                }

                return;
            }

            if (b.ValueKind == JsonValueKind.Array && a.ValueKind == JsonValueKind.Array)
            {
                CompareLists(path, [.. b.EnumerateArray()], [.. a.EnumerateArray()], found);
                return;
            }
        }

        if (before is { } gone && IsNested(gone))
        {
            Leaves(path, gone, found, isBefore: true);
            before = null;
        }

        if (after is { } come && IsNested(come))
        {
            Leaves(path, come, found, isBefore: false);
            after = null;
        }

        if (before is not null || after is not null)
        {
            found.Add(new(path, before?.ToString(), after?.ToString()));
        }
    }

    /// <summary>What is the same at both ends is left out; between, items are compared in their order.</summary>
    private static void CompareLists(string path, List<JsonElement> before, List<JsonElement> after, List<Difference> found)
    {
        var start = 0;
        while (start < before.Count && start < after.Count && JsonElement.DeepEquals(before[start], after[start]))
        {
            start++;
        }

        var end = 0;
        while (end < before.Count - start && end < after.Count - start && JsonElement.DeepEquals(before[^(end + 1)], after[^(end + 1)]))
        {
            end++;
        }

        for (var i = start; i < Math.Max(before.Count, after.Count) - end; i++)
        {
            Compare(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), i < before.Count - end ? before[i] : null, i < after.Count - end ? after[i] : null, found);
        }
    }

    private static void Leaves(string path, JsonElement element, List<Difference> found, bool isBefore)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                Leaves(path.Length == 0 ? member.Name : path + "." + member.Name, member.Value, found, isBefore);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var (item, i) in element.EnumerateArray().Select((item, i) => (item, i)))
            {
                Leaves(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), item, found, isBefore);
            }
        }
        else
        {
            found.Add(isBefore ? new(path, element.ToString(), null) : new(path, null, element.ToString()));
        }
    }

    private static bool IsNested(JsonElement element) => element.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    private static JsonElement? Member(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value : null;
}
