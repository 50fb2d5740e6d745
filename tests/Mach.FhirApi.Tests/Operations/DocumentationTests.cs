using Mach.Testing;
using System.Globalization;
using Mach.Fhir.Search;
using Mach.FhirApi.Interactions;
using Mach.FhirApi.Operations;

namespace Mach.FhirApi.Tests.Operations;

/// <summary>docs/fhir.md says what there is.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void The_page_lists_the_operations_that_are_registered()
    {
        var registered = OperationList.All.GroupBy(o => o.Name).Select(same => (
            "`$" + same.Key + "`",
            string.Join(", ", same.Select(o => o.Level).Distinct().Order().Select(l => l.ToString().ToLowerInvariant())),
            same.Any(o => o.Types.Count == 0) ? "all" : string.Join(", ", same.SelectMany(o => o.Types).Distinct().Order(StringComparer.Ordinal)))).Order();
        Assert.Equal(registered, Rows("## Operations").Select(r => (r[0], r[1], r[2])).Order());
    }

    [Fact]
    public void The_page_gives_the_limits_that_hold()
    {
        var options = new FhirApiOptions();
        var held = new Dictionary<string, int>
        {
            ["FhirApiOptions.MaxResourceBytes"] = options.MaxResourceBytes,
            ["FhirApiOptions.MaxBundleBytes"] = options.MaxBundleBytes,
            ["FhirApiOptions.MaxBundleEntries"] = options.MaxBundleEntries,
            ["SearchQuery.MaxCount"] = SearchQuery.MaxCount,
            ["HistoryParameters.MaxCount"] = HistoryParameters.MaxCount,
            ["MetaOfMany.MaxResources"] = MetaOfMany.MaxResources,
            ["NamedInSearch.MaxPeople"] = NamedInSearch.MaxPeople,
        };
        var written = Rows("## Limits").ToDictionary(r => r[2].Trim('`'), r => int.Parse(r[1], CultureInfo.InvariantCulture));
        Assert.All(held, limit => Assert.Equal(limit.Value, written[limit.Key]));
    }

    /// <summary>Cells of the first table below a heading.</summary>
    private static List<string[]> Rows(string heading)
    {
        return [.. File.ReadAllLines(Repository.File("docs", "fhir.md")).SkipWhile(l => l != heading).SkipWhile(l => !l.StartsWith('|')).TakeWhile(l => l.StartsWith('|')).Skip(2)
            .Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }
}
