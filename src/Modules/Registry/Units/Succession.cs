using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Units;

/// <summary>One arm of a succession event: what of a unit passed to which.</summary>
/// <param name="Event">Id of the event; all its arms have the same date, reference and kind.</param>
/// <param name="Date">First day of the new state.</param>
/// <param name="LegalRef">Such as "1676/NQ-UBTVQH15".</param>
/// <param name="Kind">merge, split, rename, transfer or upgrade.</param>
/// <param name="SharePop">Share of the population of <paramref name="From"/> that passed to <paramref name="To"/>, above 0 to 1; null = not published.</param>
/// <param name="ShareArea">The same by area.</param>
internal sealed record Succession(string Event, DateOnly Date, string LegalRef, string From, string To, string Kind, decimal? SharePop, decimal? ShareArea)
{
    public static readonly IReadOnlyList<string> Kinds = ["merge", "split", "rename", "transfer", "upgrade"];

    /// <summary>Statement of the arm in the ledger of successions: subject = event, aspect = "from>to".</summary>
    public Statement ToStatement() => Statement.Since(Event, From + ">" + To, JsonSerializer.Serialize(new Arm(LegalRef, Kind, SharePop, ShareArea)), Date);

    public static Succession Read(Fact fact)
    {
        var cut = fact.Aspect.IndexOf('>', StringComparison.Ordinal);
        var arm = JsonSerializer.Deserialize<Arm>(fact.Value)!;
        return new Succession(fact.Subject, fact.From, arm.LegalRef, fact.Aspect[..cut], fact.Aspect[(cut + 1)..], arm.Kind, arm.SharePop, arm.ShareArea);
    }

    public decimal? Share(ShareBy by) => by == ShareBy.Population ? SharePop ?? ShareArea : ShareArea ?? SharePop;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Event} {Date:O} {Kind} {From}>{To} {SharePop}");

    private sealed record Arm(
        [property: JsonPropertyName("legal")] string LegalRef,
        [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("pop")] decimal? SharePop,
        [property: JsonPropertyName("area")] decimal? ShareArea);
}
