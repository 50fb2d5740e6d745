using System.Text.Json;
using Mach.Fhir.Consents;
using Mach.Fhir.Search;
using Mach.Kernel;

namespace Mach.Store.Writing;

/// <summary>What a body says about who may see a person's record: the rules of a Consent, the ties of a referral, a ward, a team.</summary>
internal sealed record CareKeys(IReadOnlyList<ConsentRow> Consents, IReadOnlyList<TieRow> Ties)
{
    /// <summary>Changes with how the rows are made.</summary>
    public const int Version = 1;

    public static readonly CareKeys None = new([], []);

    private static readonly HashSet<short> Types = [.. new[] { "Consent", "Patient", "EpisodeOfCare", "ServiceRequest", "Task", "CareTeam", "Appointment", "Encounter" }.Select(ResourceTypes.Number)];
    private static readonly short Consent = ResourceTypes.Number("Consent");

    public bool IsEmpty => Consents.Count == 0 && Ties.Count == 0;

    /// <summary>True for types whose resources may have rows.</summary>
    public static bool Concerns(short type) => Types.Contains(type);

    public static CareKeys Of(JsonElement resource, short type)
    {
        if (!Types.Contains(type))
        {
            return None;
        }

        if (type == Consent)
        {
            var rules = ConsentReader.Rules(resource);
            return rules.Count == 0 ? None : new([.. rules.Select((rule, n) => ConsentRow.Of(rule, (short)n))], []);
        }

        var ties = Tie.Of(resource);
        return ties.Count == 0 ? None : new([], [.. ties.Select((tie, n) => TieRow.Of(tie, (short)n)).Where(t => t.Facility != 0 || t.Other is not null)]);
    }
}

/// <summary>A row of table consent, without the resource's own numbers.</summary>
internal readonly record struct ConsentRow(short Number, short Depth, bool Denies, int Facility, string? Who, int Labels, short Type, int Purposes, long Since, long Until, long DataFrom, long DataUntil)
{
    /// <summary>A facility that has no code of its own cannot be told apart: its denial is for all, and as a permission it opens nothing.</summary>
    public static ConsentRow Of(ConsentRule rule, short number)
    {
        var facility = rule.Facility is null ? 0 : BodyKeys.OrganizationNumber(rule.Facility) is var known && known == 0 && !rule.Denies ? -2 : known;
        return new(number, (short)rule.Depth, rule.Denies, facility, rule.Practitioner, (int)rule.Labels, rule.Type is null ? (short)0 : ResourceTypes.Number(rule.Type), (int)rule.Purposes, rule.From, rule.Until, rule.DataFrom, rule.DataUntil);
    }
}

/// <summary>A row of table tie, without the resource's own numbers.</summary>
internal readonly record struct TieRow(short Number, TieKinds Kind, int Facility, string? Other, long At)
{
    public static TieRow Of(Tie tie, short number) => new(number, tie.Kind, BodyKeys.OrganizationNumber(tie.Facility), tie.Other, tie.At);
}
