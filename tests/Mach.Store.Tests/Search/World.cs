using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Fhir.Search;

namespace Mach.Store.Tests.Search;

/// <summary>Random, invented resources with the shapes that make searching hard, and random questions about them.</summary>
internal sealed class World(int seed)
{
    public static readonly string[] Types = ["Patient", "Encounter", "Observation", "Condition", "Appointment", "Provenance", "Organization", "Practitioner", "MedicationRequest", "ValueSet", "RiskAssessment", "List", "QuestionnaireResponse", "Goal"];

    private static readonly string[] Families = ["Nguyễn", "Trần", "Lê", "Đặng", "Nguyễn", "Nguyễn"];
    private static readonly string[] Middles = ["Văn", "Thị", "Thị", "Đức", "Văn", ""];
    private static readonly string[] Givens = ["An", "Anh", "Bình", "Đào", "Hương", "Ánh", "Ân"];
    private static readonly string[] Dates = ["1965", "1965-07", "1965-07-12", "1980-01-01", "2024-12-31", "2025", "2025-03", "2025-03-05", "2025-03-05T08:30:00+07:00", "2025-03-05T23:59:00Z", "2025-04-20", "2026-01-01"];
    private static readonly string[] Codes = ["15074-8", "718-7", "A00", "E11.9", "I10", "J10", "J10.1", "j101", "J09-J18"];
    private static readonly string[] Systems = ["http://loinc.org", "urn:local", "", "http://hl7.org/fhir/sid/icd-10"];

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
            Chance(70) ? ("effectiveDateTime", Maybe(Pick(Dates), 90)) : ("effectivePeriod", Period()), ("valueQuantity", Quantity()), ("valueString", Maybe(Pick(["âm tính", "dương tính (+)"]), 20)), ("component", new JsonArray(Component(), Component()))),
        "Condition" => With(Common(), ("code", Concept()), ("clinicalStatus", Concept()), ("recordedDate", Maybe(Pick(Dates), 70)), ("onsetDateTime", Maybe(Pick(Dates), 40)), ("encounter", Reference("Encounter", 50)), ("abatementPeriod", Period())),
        "Appointment" => With(new JsonObject(), ("status", Pick(["booked", "fulfilled"])), ("start", Maybe(Pick(Dates), 80)), ("participant", new JsonArray(Actor("Patient"), Actor("Patient"), Actor("Practitioner")))),
        "Provenance" => With(new JsonObject(), ("target", new JsonArray(Reference("Patient", 50), Reference("Observation", 90), Reference("Encounter", 60))), ("recorded", Pick(Dates))),
        "Organization" => With(new JsonObject(), ("name", Pick(["Bệnh viện Đa khoa Phú Thọ", "Trạm Y tế xã Tân Lập", "TTYT Thanh Sơn"])), ("partOf", Reference("Organization", 40)), ("identifier", Identifiers())),
        "Practitioner" => With(new JsonObject(), ("name", new JsonArray(Name())), ("identifier", Identifiers()), ("address", Chance(50) ? new JsonArray(new JsonObject { ["text"] = Spelled("Xóm 3, xã Tân Lập"), ["city"] = Pick(["Phú Thọ", "Hòa Bình"]) }) : null)),
        "ValueSet" => With(new JsonObject(), ("url", Maybe(Pick(Urls), 90)), ("status", "active"), ("date", Maybe(Pick(Dates), 50)), ("useContext", new JsonArray(With(new JsonObject(), ("code", Coding()), ("valueQuantity", Chance(50) ? Quantity() : null), ("valueRange", Range()))))),
        "RiskAssessment" => With(Common(), ("status", "final"), ("prediction", new JsonArray(With(new JsonObject(), Chance(60) ? ("probabilityDecimal", Math.Round(_random.NextDouble() * 10, 1)) : ("probabilityRange", Range()))))),
        "List" => With(Common(), ("status", "current"), ("entry", new JsonArray(Entry(), Entry(), Entry()))),
        "QuestionnaireResponse" => With(Common(), ("status", "completed"), ("questionnaire", Maybe(Pick(Urls) + Pick(["", "|1.0"]), 80)), ("authored", Maybe(Pick(Dates), 70)), ("author", Elsewhere())),
        "Goal" => With(Common(), ("lifecycleStatus", "active"), ("startDate", Maybe(Pick(Dates[..5]), 70)), ("target", new JsonArray(With(new JsonObject(), ("dueDate", Maybe(Pick(Dates[..5]), 60)))))),
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
        ? new JsonArray(With(new JsonObject(), ("system", Maybe(Pick(Systems[..2]), 70)), ("value", "v" + _random.Next(6)), ("type", Chance(30) ? Concept() : null)), With(new JsonObject(), ("value", Maybe("v" + _random.Next(6), 50))))
        : null;

    private JsonObject Coding() => With(new JsonObject(), ("system", Maybe(Pick(Systems), 80)), ("code", Pick(Codes)), ("display", Maybe("Đường huyết", 30)));

    private JsonObject Concept() => Chance(90) ? new JsonObject { ["coding"] = Chance(30) ? new JsonArray(Coding(), Coding()) : new JsonArray(Coding()), ["text"] = "Chẩn đoán" } : new JsonObject { ["text"] = "Chẩn đoán" };

    private JsonObject? Period() => Chance(80) ? With(new JsonObject(), ("start", Maybe(Pick(Dates), 85)), ("end", Maybe(Pick(Dates), 60))) : null;

    private static readonly string[] Urls = ["http://mach.example/fhir/ValueSet/a", "http://mach.example/fhir/ValueSet/b", "http://mach.example/fhir", "http://mach.example/fhir/", "urn:oid:1.2.3", "urn:oid:1.2.3.4"];

    private JsonObject? Quantity() => Chance(60) ? With(new JsonObject(), ("value", Math.Round(_random.NextDouble() * 10, 1)), ("unit", Pick(["mmol/L", "mg/dL"])), ("comparator", Maybe(Pick(["<", ">", "<=", ">="]), 20)),
        ("system", Maybe("http://unitsofmeasure.org", 60)), ("code", Maybe(Pick(["mmol/L", "mg/dL", "g/L", "umol/L"]), 80))) : null;

    private JsonObject? Range() => Chance(50) ? With(new JsonObject(), ("low", Chance(70) ? Quantity() : null), ("high", Chance(70) ? Quantity() : null)) : null;

    private JsonObject Component() => With(new JsonObject(), ("code", Concept()), ("valueQuantity", Chance(70) ? Quantity() : null), ("valueCodeableConcept", Chance(30) ? Concept() : null));

    private JsonObject Entry() => With(new JsonObject(), ("item", Chance(50) ? Reference("Patient", 100) : Reference("Observation", 100)), ("deleted", Chance(15) ? true : null));

    /// <summary>References that do not lead to a resource of this store.</summary>
    private JsonObject Elsewhere() => Pick(["a", "b", "c"]) switch
    {
        "a" => new JsonObject { ["reference"] = "https://elsewhere.example/fhir/Practitioner/" + _random.Next(3) },
        "b" => new JsonObject { ["identifier"] = With(new JsonObject(), ("system", Maybe("urn:local", 60)), ("value", "v" + _random.Next(3))) },
        _ => Reference("Practitioner", 100)!,
    };

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
        for (var i = Chance(60) ? 1 : _random.Next(1, 4); i > 0; i--)
        {
            pairs.Add(Clause(type, OfType(type)));
        }

        if (Chance(20))
        {
            pairs.Add(new("_id", string.Join(',', Enumerable.Range(0, 6).Select(_ => Id(type)).Distinct())));
        }

        if (Chance(40))
        {
            string[] known = [.. SearchSort.Known(type)];
            pairs.Add(new("_sort", string.Join(',', Enumerable.Range(0, Chance(30) ? 2 : 1).Select(_ => (Chance(50) ? "-" : "") + Pick(known)))));
        }

        if (Chance(15))
        {
            pairs.Add(Linked(type, parameters, 0));
        }

        if (Chance(5))
        {
            pairs.Add(new("_list", Id("List")));
        }

        return (type, pairs);
    }

    private readonly Dictionary<string, List<SearchParameter>> _filled = [];

    /// <summary>Mostly a parameter that some of these resources have a value of.</summary>
    private SearchParameter OfType(string type)
    {
        if (!_filled.TryGetValue(type, out var filled))
        {
            var samples = Enumerable.Range(0, 40).Select(_ => JsonDocument.Parse(Write(type, Id(type)).Body).RootElement).ToList();
            _filled[type] = filled = [.. SearchParameters.ForType(type).Where(p => samples.Exists(s => SearchMatcher.Elements(s, p).Count > 0))];
        }

        var all = SearchParameters.ForType(type);
        return Chance(90) ? filled[_random.Next(filled.Count)] : all[_random.Next(all.Count)];
    }

    /// <summary>A chain, a reverse chain, or one in the other.</summary>
    private KeyValuePair<string, string> Linked(string type, List<SearchParameter> parameters, int depth)
    {
        if (Chance(50))
        {
            var other = Pick(Types);
            var pointing = SearchParameters.ForType(other).Where(p => p.Kind == SearchKind.Reference && (p.Targets.Count == 0 || p.Targets.Contains(type))).ToList();
            if (pointing.Count > 0)
            {
                var far = Far(other, depth);
                return new($"_has:{other}:{pointing[_random.Next(pointing.Count)].Code}:{far.Key}", far.Value);
            }
        }

        var references = parameters.Where(p => p.Kind == SearchKind.Reference && Types.Any(t => p.Targets.Count == 0 || p.Targets.Contains(t))).ToList();
        if (references.Count == 0)
        {
            return Clause(type, parameters[_random.Next(parameters.Count)]);
        }

        var reference = references[_random.Next(references.Count)];
        var targets = Types.Where(t => reference.Targets.Count == 0 || reference.Targets.Contains(t)).ToList();
        var target = Pick(targets);
        var end = Far(target, depth);
        return new($"{reference.Code}{(Chance(60) ? ":" + target : "")}.{end.Key}", end.Value);
    }

    private KeyValuePair<string, string> Far(string type, int depth)
    {
        var parameters = SearchParameters.ForType(type).ToList();
        return depth < 2 && Chance(25) ? Linked(type, parameters, depth + 1) : Clause(type, OfType(type));
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
            SearchKind.Token when parameter.Code == "identifier" && Chance(15) => new("identifier:of-type", $"{Pick(Systems)}|{Pick(Codes)}|v{_random.Next(6)}"),
            SearchKind.Token when Chance(10) => new(parameter.Code + ":text", Pick(["duong", "chan", "x"])),
            SearchKind.Token when Chance(15) => new(parameter.Code + ":not", values),
            SearchKind.Token when Chance(15) => new(parameter.Code + Pick([":below", ":above"]), Pick(["", "http://hl7.org/fhir/sid/icd-10|"]) + Pick(["J10", "J10.1", "J09-J18", "E11", "A00-B99", "I10"])),
            SearchKind.String when Chance(15) => new(parameter.Code + Pick([":exact", ":contains"]), values),
            SearchKind.Uri when Chance(50) => new(parameter.Code + Pick([":below", ":above"]), values),
            SearchKind.Reference when Chance(15) => new(parameter.Code + ":identifier", Pick(["", "urn:local|", "|"]) + "v" + _random.Next(3)),
            _ => new(parameter.Code, values),
        };
    }

    private string Value(string type, SearchParameter parameter) => parameter.Kind switch
    {
        SearchKind.Date => Pick(["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]) + Pick(Dates),
        SearchKind.Quantity => Pick(["", "eq", "ne", "sa", "eb", "gt", "lt", "ge", "le", "ap"]) + Number() + Pick(["", "||mmol/L", "|http://unitsofmeasure.org|mmol/L", "|http://unitsofmeasure.org|g/L", "|http://unitsofmeasure.org|mg/dL"]),
        SearchKind.Number => Pick(["", "eq", "ne", "sa", "eb", "gt", "lt", "ge", "le", "ap"]) + Number(),
        SearchKind.Composite => string.Join('$', parameter.Components.Select(c => Value(type, c.Parameter))),
        SearchKind.Uri when !parameter.Code.StartsWith('_') => Pick(Urls),
        SearchKind.Reference when parameter.IsCanonical && Chance(70) => Pick(Urls) + Pick(["", "|1.0"]),
        SearchKind.Reference when Chance(10) => "https://elsewhere.example/fhir/Practitioner/" + _random.Next(3),
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

    private string Number() => Pick([_random.Next(11).ToString(CultureInfo.InvariantCulture), Math.Round(_random.NextDouble() * 10, 1).ToString(CultureInfo.InvariantCulture), "5e0", "0.5e1"]);

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

    /// <summary>Brute force: the query on one body, what is linked to it looked for among all bodies.</summary>
    public static bool Matches(StoredResource resource, SearchQuery query, IReadOnlyDictionary<(string Type, string Id), StoredResource> all)
    {
        using var document = JsonDocument.Parse(resource.Body);
        var root = document.RootElement;
        return query.Clauses.All(clause => clause.Chains.Count == 0 || References(root, clause.Parameter).Any(target =>
                all.TryGetValue(target, out var other) && clause.Chains.Any(chain => chain.Type == other.Type && Matches(other, chain.Query, all))))
            && query.Has.All(has => all.Values.Any(other => other.Type == has.Type && PointsAt(other, has.Reference, resource) && Matches(other, has.Query, all)))
            && query.Lists.All(list => all.TryGetValue(("List", list), out var found) && Names(found, resource))
            && SearchMatcher.Matches(root, query with { Has = [], Lists = [], Clauses = [.. query.Clauses.Where(c => c.Chains.Count == 0)] }, (resource.LastUpdated.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
    }

    private static List<(string, string)> References(JsonElement root, SearchParameter parameter) => [.. SearchMatcher.References(root, parameter)];

    private static bool PointsAt(StoredResource other, SearchParameter parameter, StoredResource resource)
    {
        using var document = JsonDocument.Parse(other.Body);
        return SearchMatcher.References(document.RootElement, parameter).Contains((resource.Type, resource.Id));
    }

    private static bool Names(StoredResource list, StoredResource resource) =>
        JsonNode.Parse(list.Body.Span)!["entry"]!.AsArray().Any(entry => (string?)entry!["item"]?["reference"] == $"{resource.Type}/{resource.Id}" && (bool?)entry["deleted"] != true);
}
