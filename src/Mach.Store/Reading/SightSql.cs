using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Fhir.Labels;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store.Search;
using Mach.Store.Writing;

namespace Mach.Store.Reading;

/// <summary>
/// A <see cref="Sight"/> as a condition on the heads (alias r), put where a statement says <c>{sight}</c>. There are a handful of texts,
/// whoever asks; what differs between callers are parameters.
/// </summary>
internal sealed class SightSql
{
    public const string Token = "{sight}";

    /// <summary>What belongs to no person and says nothing of one: everybody may see it.</summary>
    private static readonly string[] Open =
    [
        "ActivityDefinition", "CapabilityStatement", "CatalogEntry", "ChargeItemDefinition", "CodeSystem", "CompartmentDefinition", "ConceptMap", "DeviceDefinition", "Endpoint",
        "EventDefinition", "GraphDefinition", "HealthcareService", "ImplementationGuide", "InsurancePlan", "Library", "Location", "Measure", "Medication", "MedicationKnowledge",
        "NamingSystem", "ObservationDefinition", "OperationDefinition", "Organization", "OrganizationAffiliation", "PlanDefinition", "Practitioner", "PractitionerRole", "Questionnaire",
        "Schedule", "SearchParameter", "Slot", "SpecimenDefinition", "StructureDefinition", "StructureMap", "Substance", "SubstanceSpecification", "TerminologyCapabilities", "ValueSet",
    ];

    private static readonly string OpenTypes = Numbers(Open);

    /// <summary>44 is Encounter and 103 Patient, written out so that the partial indexes serve.</summary>
    private const string Named = "SELECT o.rid FROM res o WHERE o.type=103 AND o.fid {in:sight_persons}";
    private static readonly string OfPersons = $"r.pk IN ({Named}) OR r.pk IN (SELECT l.rid FROM ref l WHERE l.tgt IN ({Named}) AND l.p={PatientLink})";
    private const string NotConfidential = " AND NOT EXISTS(SELECT 1 FROM res o WHERE o.pk=r.pk AND o.type=103 AND o.lab>=32)";

    private static short PatientLink => SearchParameters.Find("Patient", "link")!.Number;

    private readonly Sight _sight;
    private readonly string _condition;
    private readonly ConcurrentDictionary<string, string> _texts;
    private readonly List<long> _organizations;

    private static readonly ConcurrentDictionary<string, ConcurrentDictionary<string, string>> Texts = new(StringComparer.Ordinal);

    public SightSql(Sight sight)
    {
        _sight = sight;
        IsEverything = sight.IsEverything;
        _organizations = [.. sight.Facilities.Select(BodyKeys.OrganizationNumber).Where(n => n != 0).Select(n => (long)n)];
        var confidential = (sight.Hidden & DataLabels.Confidential) != 0;
        var own = Labels + (confidential ? NotConfidential : "") + (sight.IsEveryone ? "" : Related(Numbers(sight.EveryoneTypes)));
        _condition = IsEverything ? "" : sight.Persons.Count > 0 ? $" AND ({OfPersons} OR ({own}))" : $" AND {own}";
        _texts = Texts.GetOrAdd(_condition, static _ => new(StringComparer.Ordinal));
    }

    public bool IsEverything { get; }

    private string Here => _organizations.Count switch { 0 => "=-1", 1 => "=@sight_org", _ => " {longs:sight_orgs}" };

    /// <summary>Without a facility there is no "here"; the parameter stays in the text all the same.</summary>
    private string Labels => $"(r.lab & CASE WHEN r.org{Here} THEN @sight_here ELSE @sight_away END)=0";

    private string VisitHere => $"o.org{Here} AND o.dt>=@sight_since AND o.type=44 AND o.del=0";

    /// <summary>What is told by the type comes first, since it costs nothing. Records that are linked are one person's: a visit in any of them counts for all.</summary>
    private string Related(string wide) => $" AND ({(wide.Length > 0 ? $"r.type IN ({wide}) OR " : "")}(r.pk=r.rid AND r.type<>103 AND (r.type IN ({OpenTypes}) OR r.org{Here}))"
        + $" OR EXISTS(SELECT 1 FROM res o WHERE o.pk=r.pk AND {VisitHere})"
        + $" OR EXISTS(SELECT 1 FROM ref l JOIN res o ON o.pk=l.rid WHERE l.tgt=r.pk AND l.p={PatientLink} AND {VisitHere}))";

    /// <summary>Written out: they are the policy's, not the caller's, so that the texts stay few.</summary>
    private static string Numbers(IEnumerable<string> types) => string.Join(',', types.Select(type => ResourceTypes.Number(type)).Order());

    /// <summary>The statement with the condition in the place of <see cref="Token"/>, dialect and all.</summary>
    public string Apply(Db db, string portable)
    {
        if (!_texts.TryGetValue(portable, out var text))
        {
            text = portable.Contains(Token, StringComparison.Ordinal)
                ? portable.Replace(Token, _condition, StringComparison.Ordinal)
                : throw new InvalidOperationException("A statement that reads the record does not say where the sight of the caller stands.");
            _texts[portable] = text;
        }

        return db.Sql(text);
    }

    /// <summary>Adds what the condition refers to.</summary>
    public void Bind(Db db, DbCommand command)
    {
        if (IsEverything)
        {
            return;
        }

        command.With("sight_here", (int)_sight.HiddenHere).With("sight_away", (int)_sight.Hidden);
        if (_organizations.Count == 1)
        {
            command.With("sight_org", (int)_organizations[0]);
        }
        else if (_organizations.Count > 1)
        {
            db.AddLongs(command, "sight_orgs", _organizations);
        }

        if (_sight.Persons.Count > 0)
        {
            command.With("sight_persons", JsonSerializer.Serialize(_sight.Persons));
        }

        if (!_sight.IsEveryone)
        {
            command.With("sight_since", Instants.ToMicroseconds(_sight.Since));
        }
    }

    /// <summary>The same for a statement with its parameters as an object.</summary>
    public object With(Db db, object parameters)
    {
        if (IsEverything)
        {
            return parameters;
        }

        var all = new DynamicParameters(parameters);
        all.Add("sight_here", (int)_sight.HiddenHere);
        all.Add("sight_away", (int)_sight.Hidden);
        if (_organizations.Count == 1)
        {
            all.Add("sight_org", (int)_organizations[0]);
        }
        else if (_organizations.Count > 1)
        {
            all.Add("sight_orgs", Longs(db, _organizations));
        }

        if (_sight.Persons.Count > 0)
        {
            all.Add("sight_persons", JsonSerializer.Serialize(_sight.Persons));
        }

        if (!_sight.IsEveryone)
        {
            all.Add("sight_since", Instants.ToMicroseconds(_sight.Since));
        }

        return all;
    }

    /// <summary>An old version is hidden by its own labels too: what was delicate once does not become plain by a correction.</summary>
    /// <param name="body">Empty for a deletion.</param>
    public bool ShowsVersion(ReadOnlyMemory<byte> body)
    {
        if (IsEverything || body.IsEmpty || (_sight.Hidden | _sight.HiddenHere) == DataLabels.None)
        {
            return true;
        }

        using var document = JsonDocument.Parse(body);
        return (Sensitivity.Of(document.RootElement) & (_sight.Hidden | _sight.HiddenHere)) == DataLabels.None;
    }

    private static object Longs(Db db, List<long> values) => db.Engine == DbEngine.Postgres ? values.ToArray() : JsonSerializer.Serialize(values);
}
