using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Fhir.Search;

namespace Mach.Store.Tests.Search;

/// <summary>Random, invented resources with the shapes that make searching hard, and random questions about them.</summary>
internal sealed class World(int seed)
{
    public static readonly string[] Types = ["Patient", "Encounter", "Observation", "Condition", "Appointment", "Provenance", "Organization", "Practitioner", "MedicationRequest"];

    private static readonly string[] Families = ["Nguyễn", "Trần", "Lê", "Đặng", "Nguyễn", "Nguyễn"];
    private static readonly string[] Middles = ["Văn", "Thị", "Thị", "Đức", "Văn", ""];
    private static readonly string[] Givens = ["An", "Anh", "Bình", "Đào", "Hương", "Ánh", "Ân"];
    private static readonly string[] Dates = ["1965", "1965-07", "1965-07-12", "1980-01-01", "2024-12-31", "2025", "2025-03", "2025-03-05", "2025-03-05T08:30:00+07:00", "2025-03-05T23:59:00Z", "2025-04-20", "2026-01-01"];
    private static readonly string[] Codes = ["15074-8", "718-7", "A00", "E11.9", "I10"];
    private static readonly string[] Systems = ["http://loinc.org", "urn:local", ""];

    private readonly Random _random = new(seed);

    public string Pick(IReadOnlyList<string> from) => from[_random.Next(from.Count)];

    public bool Chance(int percent) => _random.Next(100) < percent;

    public int Next(int below) => _random.Next(below);

    public string Id(string type) => type switch
    {
        "Patient" => "p" + _random.Next(12),
        "Organization" => "cskcb-2500" + _random.Next(4),
        _ => type[..2].ToLowerInvariant() + _random.Next(25),
    };

    public Write Write(string type, string id)
    {
        var body = Body(type);
        body["resourceType"] = type;
        body["id"] = id;
        if (Chance(30))
        {
            body["meta"] = new JsonObject { ["source"] = "urn:mach:dossier:25001:" + _random.Next(4), ["tag"] = new JsonArray(Coding()) };
        }

        return new Write(WriteKind.Put, type, id, Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    private JsonObject Body(string type) => type switch
    {
        "Patient" => Patient(),
        "Encounter" => With(Common(), ("status", Pick(["finished", "in-progress"])), ("class", Coding()), ("period", Period()), ("serviceProvider", Reference("Organization", 70)), ("partOf", Reference("Encounter", 20))),
        "Observation" => With(Common(), ("status", "final"), ("code", Concept()), ("category", new JsonArray(Concept(), Concept())), ("encounter", Reference("Encounter", 60)),
            Chance(70) ? ("effectiveDateTime", Maybe(Pick(Dates), 90)) : ("effectivePeriod", Period()), ("valueQuantity", Quantity()), ("component", new JsonArray(new JsonObject { ["code"] = Concept() }))),
        "Condition" => With(Common(), ("code", Concept()), ("clinicalStatus", Concept()), ("recordedDate", Maybe(Pick(Dates), 70)), ("onsetDateTime", Maybe(Pick(Dates), 40)), ("encounter", Reference("Encounter", 50)), ("abatementPeriod", Period())),
        "Appointment" => With(new JsonObject(), ("status", Pick(["booked", "fulfilled"])), ("start", Maybe(Pick(Dates), 80)), ("participant", new JsonArray(Actor("Patient"), Actor("Patient"), Actor("Practitioner")))),
        "Provenance" => With(new JsonObject(), ("target", new JsonArray(Reference("Patient", 50), Reference("Observation", 90), Reference("Encounter", 60))), ("recorded", Pick(Dates))),
        "Organization" => With(new JsonObject(), ("name", Pick(["Bệnh viện Đa khoa Phú Thọ", "Trạm Y tế xã Tân Lập", "TTYT Thanh Sơn"])), ("partOf", Reference("Organization", 40)), ("identifier", Identifiers())),
        "Practitioner" => With(new JsonObject(), ("name", new JsonArray(Name())), ("identifier", Identifiers())),
        _ => With(Common(), ("status", Pick(["active", "completed"])), ("medicationCodeableConcept", Concept()), ("authoredOn", Maybe(Pick(Dates), 80)), ("encounter", Reference("Encounter", 50))),
    };

    private JsonObject Patient() => With(new JsonObject(),
        ("identifier", Identifiers()),
        ("name", Chance(90) ? Chance(20) ? new JsonArray(Name(), Name()) : new JsonArray(Name()) : null),
        ("gender", Maybe(Pick(["male", "female"]), 90)),
        ("birthDate", Maybe(Pick(Dates[..5]), 85)),
        ("telecom", Chance(60) ? new JsonArray(new JsonObject { ["system"] = Pick(["phone", "email"]), ["value"] = Pick(["0912345678", "+84 912 345 678", "0987.654.321"]) }) : null),
        ("deceasedBoolean", Chance(20) ? Chance(50) : null),
        ("managingOrganization", Reference("Organization", 50)),
        ("link", Chance(20) ? new JsonArray(new JsonObject { ["other"] = Reference("Patient", 100) }) : null));

    /// <summary>Most belong to a patient by "subject", some to a group, some to nobody.</summary>
    private JsonObject Common() => With(new JsonObject(), ("subject", Chance(85) ? Reference("Patient", 100) : Reference("Group", 50)), ("identifier", Identifiers()));

    private JsonObject? Reference(string type, int percent) => Chance(percent) ? new JsonObject { ["reference"] = $"{type}/{Id(type)}" } : null;

    private JsonObject Actor(string type) => With(new JsonObject(), ("actor", Reference(type, 70)), ("status", "accepted"));

    private JsonArray? Identifiers() => Chance(50)
        ? new JsonArray(With(new JsonObject(), ("system", Maybe(Pick(Systems[..2]), 70)), ("value", "v" + _random.Next(6))), With(new JsonObject(), ("value", Maybe("v" + _random.Next(6), 50))))
        : null;

    private JsonObject Coding() => With(new JsonObject(), ("system", Maybe(Pick(Systems), 80)), ("code", Pick(Codes)), ("display", Maybe("Đường huyết", 30)));

    private JsonObject Concept() => Chance(90) ? new JsonObject { ["coding"] = Chance(30) ? new JsonArray(Coding(), Coding()) : new JsonArray(Coding()), ["text"] = "Chẩn đoán" } : new JsonObject { ["text"] = "Chẩn đoán" };

    private JsonObject? Period() => Chance(80) ? With(new JsonObject(), ("start", Maybe(Pick(Dates), 85)), ("end", Maybe(Pick(Dates), 60))) : null;

    private JsonObject? Quantity() => Chance(60) ? With(new JsonObject(), ("value", Math.Round(_random.NextDouble() * 10, 1)), ("unit", Pick(["mmol/L", "mg/dL"])), ("comparator", Maybe("<", 20))) : null;

    private JsonObject Name()
    {
        var (family, middle, given) = (Pick(Families), Pick(Middles), Pick(Givens));
        var text = string.Join(' ', new[] { family, middle, given }.Where(w => w.Length > 0));
        return With(new JsonObject(),
            ("text", Chance(70) ? Spelled(text) : null),
            ("family", Chance(60) ? Spelled(family) : null),
            ("given", Chance(60) ? middle.Length > 0 ? new JsonArray(middle, given) : new JsonArray(given) : null));
    }

    /// <summary>Some systems send letters taken apart, capitals, or double blanks.</summary>
    public string Spelled(string text) => _random.Next(5) switch
    {
        0 => Decompose(text),
        1 => text.ToUpperInvariant(),
        2 => text.Replace(" ", "  ", StringComparison.Ordinal),
        _ => text,
    };

    private static string Decompose(string text) => text
        .Replace("ễ", "e\u0302\u0303", StringComparison.Ordinal).Replace("ị", "i\u0323", StringComparison.Ordinal)
        .Replace("Á", "A\u0301", StringComparison.Ordinal).Replace("ì", "i\u0300", StringComparison.Ordinal)
        .Replace("ă", "a\u0306", StringComparison.Ordinal).Replace("à", "a\u0300", StringComparison.Ordinal);

    private static JsonObject With(JsonObject to, params (string Name, JsonNode? Value)[] properties)
    {
        foreach (var (name, value) in properties)
        {
            if (value is not null)
            {
                to[name] = value;
            }
        }

        return to;
    }

    private string? Maybe(string text, int percent) => Chance(percent) ? text : null;

    /// <summary>One to three clauses of a type's own parameters, sometimes with a sort.</summary>
    public (string Type, List<KeyValuePair<string, string>> Pairs) Question()
    {
        var type = Pick(Types);
        var parameters = SearchParameters.ForType(type).ToList();
        var pairs = new List<KeyValuePair<string, string>>();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            pairs.Add(Clause(type, parameters[_random.Next(parameters.Count)]));
        }

        if (Chance(20))
        {
            pairs.Add(new("_id", string.Join(',', Enumerable.Range(0, 6).Select(_ => Id(type)).Distinct())));
        }

        if (Chance(40))
        {
            pairs.Add(new("_sort", (Chance(50) ? "-" : "") + Pick([.. SearchSort.Known(type)])));
        }

        return (type, pairs);
    }

    private KeyValuePair<string, string> Clause(string type, SearchParameter parameter)
    {
        if (Chance(10))
        {
            return new(parameter.Code + ":missing", Chance(50) ? "true" : "false");
        }

        var values = string.Join(',', Enumerable.Range(0, Chance(25) ? 2 : 1).Select(_ => Value(type, parameter)));
        return parameter.Kind switch
        {
            SearchKind.Token when Chance(15) => new(parameter.Code + ":not", values),
            SearchKind.String when Chance(15) => new(parameter.Code + Pick([":exact", ":contains"]), values),
            _ => new(parameter.Code, values),
        };
    }

    private string Value(string type, SearchParameter parameter) => parameter.Kind switch
    {
        SearchKind.Date => Pick(["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]) + Pick(Dates),
        SearchKind.Quantity => Pick(["", "gt", "lt", "ge", "le", "ap"]) + _random.Next(11).ToString(CultureInfo.InvariantCulture) + Pick(["", "||mmol/L"]),
        SearchKind.Uri => "urn:mach:dossier:25001:" + _random.Next(4),
        SearchKind.String => Text(),
        SearchKind.Reference => parameter.Targets.Count == 0 || Chance(60) ? Target(parameter) : Target(parameter).Split('/')[1],
        _ => Token(parameter),
    };

    private string Target(SearchParameter parameter)
    {
        var known = parameter.Targets.Where(Types.Contains).ToList();
        var type = known.Count > 0 ? Pick(known) : parameter.Targets.Count > 0 ? Pick([.. parameter.Targets]) : Pick(Types);
        return type + "/" + Id(type);
    }

    private string Token(SearchParameter parameter) => parameter.Code switch
    {
        "identifier" => Pick(["", "urn:local|", "|", "http://loinc.org|"]) + "v" + _random.Next(6),
        "status" => Pick(["finished", "active", "booked", "final"]),
        "gender" => Pick(["male", "female"]),
        "active" or "deceased" => Pick(["true", "false"]),
        "phone" or "telecom" or "email" => Pick(["0912345678", "0987654321", "+84 912 345 678"]),
        _ => Pick(["", "urn:local|", "|", "http://loinc.org|"]) + Pick(Codes),
    };

    private string Text() => _random.Next(6) switch
    {
        0 => Spelled(Pick(Families)),
        1 => Pick(Givens) + " " + Pick(Families),
        2 => Spelled($"{Pick(Families)} {Pick(["Văn", "Thị"])} {Pick(Givens)}"),
        3 => Pick(["a", "ng", "thi", "phu tho", "da khoa", "tan"]),
        4 => $"{Pick(Families)} {Pick(["a", "b", "h"])}",
        _ => Pick(Givens),
    };

    public static bool Matches(StoredResource resource, SearchQuery query)
    {
        using var document = JsonDocument.Parse(resource.Body);
        return SearchMatcher.Matches(document.RootElement, query, (resource.LastUpdated.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
    }
}
