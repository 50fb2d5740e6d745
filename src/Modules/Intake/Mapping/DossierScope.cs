using System.Globalization;
using System.Text.Json;
using Mach.Intake.Mapping.Tables;
using Mach.Intake.Mapping.Tree;
using Mach.Kernel;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping;

/// <summary>One dossier on its way to FHIR: references, ids, and what every row becomes. All ids are settled before anything is written.</summary>
internal sealed class DossierScope
{
    private readonly string _source;

    public DossierScope(Dossier dossier, MappingContext context)
    {
        Dossier = dossier;
        Context = context;
        Summary = dossier.Summary;
        Prefix = Ids.Derive(dossier.FacilityCode, dossier.MaLk);
        _source = new DossierUri(dossier.FacilityCode, dossier.MaLk).ToString();
        Patient = JsonEncodedText.Encode("Patient/" + context.PatientId);
        Encounter = JsonEncodedText.Encode("Encounter/" + Prefix);
        Organization = JsonEncodedText.Encode("Organization/" + context.OrganizationId);
        HasClaim = !dossier.IsCheckIn || dossier["XML2"]?.Rows.Count > 0 || dossier["XML3"]?.Rows.Count > 0;
        Coverages = CoverageList.Split(this);
        Diagnoses = DiagnosisList.Split(this);
        Labels = SecurityLabels.OfVisit(this);
        foreach (var table in Ordered(dossier))
        {
            var map = TableMaps.For(table.Definition!);
            for (var i = 0; i < table.Rows.Count; i++)
            {
                var plan = new RowPlan(map, table.Rows[i], i + 1);
                map.Plan(this, plan);
                Rows.Add(plan);
            }
        }
    }

    public Dossier Dossier { get; }
    public MappingContext Context { get; }
    public DossierRow Summary { get; }

    /// <summary>Id of the Encounter and start of all other ids.</summary>
    public string Prefix { get; }
    public JsonEncodedText Patient { get; }
    public JsonEncodedText Encounter { get; }
    public JsonEncodedText Organization { get; }
    public RowKeys Keys { get; } = new();
    public CoverageList Coverages { get; }
    public DiagnosisList Diagnoses { get; }

    /// <summary>What makes the visit delicate, by its diagnoses.</summary>
    public DataLabels Labels { get; }

    /// <summary>Rows in the order of writing: the summary first, services before results.</summary>
    public List<RowPlan> Rows { get; } = [];

    /// <summary>Ordered services by service code: id of the ServiceRequest, cost group and name.</summary>
    public Dictionary<string, (string Id, string Group, string? Name)> Services { get; } = new(StringComparer.Ordinal);

    /// <summary>False for a check-in: nothing is billed yet.</summary>
    public bool HasClaim { get; }

    /// <summary>Reports by service and time of result.</summary>
    public Dictionary<(string Service, string Time), RowPlan> Reports { get; } = [];

    public string? ImpliedValue(Implied implied, int ordinal) => implied.Value(Dossier.MaLk, Dossier.FacilityCode, ordinal, Summary);

    /// <summary><c>meta.source</c> of a row, or of the dossier.</summary>
    public string SourceOf(DossierRow row, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{_source}#{row.Table.Name}-{ordinal}");

    public string Source => _source;

    /// <summary>Prefix, kind and name put together.</summary>
    public string Id(string kind, string? name = null) => name is null ? string.Concat(Prefix, "-", kind) : $"{Prefix}-{kind}-{name}";

    /// <summary>First time of these that FHIR can say, as FHIR dateTime; null when none.</summary>
    public string? FirstTime(params ReadOnlySpan<string> fields)
    {
        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        foreach (var field in fields)
        {
            if (Summary[field] is { } text && DateDigits.ToFhir(text, fhir) is var length and > 0)
            {
                return fhir[..length].ToString();
            }
        }

        return null;
    }

    /// <summary>True for the row that the Encounter is made of.</summary>
    public bool IsSummary(DossierRow row) => ReferenceEquals(row, Summary);

    private static IEnumerable<DossierTable> Ordered(Dossier dossier)
    {
        var summary = dossier.IsCheckIn ? "XML0" : "XML1";
        return dossier.Tables.Where(t => t.Definition is not null)
            .OrderBy(t => t.Name == summary ? 0 : t.Name == "XML3" ? 1 : 2);
    }
}
