using System.Text.Json;
using Mach.Fhir.Labels;
using Mach.Fhir.Search;
using Mach.Kernel;

namespace Mach.Fhir.Consents;

/// <summary>
/// The rules of an R4 Consent (http://hl7.org/fhir/R4/consent.html): <c>policyRule</c> OPTIN or OPTOUT, <c>provision</c> and what is nested in it, by
/// period, actor (Organization of a facility, Practitioner), purpose, security label, class (resource type) and period of the data. What it cannot
/// enforce it names; a denial is then taken more widely and a permission not at all, so that a mistake never shows more.
/// </summary>
public sealed class ConsentReader
{
    /// <summary>A Consent with more rules than this is not one that a person has made.</summary>
    public const int MostRules = 500;
    private const int MostDepth = 8;
    private const string ReasonSystem = "http://terminology.hl7.org/CodeSystem/v3-ActReason", TypeSystem = "http://hl7.org/fhir/resource-types";

    private static readonly string[] Seeing = ["access", "use", "disclose"];

    private readonly List<ConsentRule> _rules = [];
    private readonly List<ConsentFinding> _findings = [];

    private ConsentReader()
    {
    }

    /// <summary>The rules of a Consent that is in force; none of one that is a draft, rejected, inactive or entered in error.</summary>
    public static IReadOnlyList<ConsentRule> Rules(JsonElement consent) => Read(consent)._rules;

    /// <summary>What of it could not be enforced as it is written. Empty for one that is not in force.</summary>
    public static IReadOnlyList<ConsentFinding> Check(JsonElement consent) => Read(consent)._findings;

    private static ConsentReader Read(JsonElement consent)
    {
        var reader = new ConsentReader();
        if (Text(consent, "status") == "active" && (Has(consent, "scope", "patient-privacy") || Has(consent, "scope", "research")))
        {
            reader.Base(consent);
        }

        return reader;
    }

    private void Base(JsonElement consent)
    {
        var research = Has(consent, "scope", "research") && !Has(consent, "scope", "patient-privacy");
        var start = new ConsentRule { Purposes = research ? Purposes.Research : Purposes.None };
        var rule = Has(consent, "policyRule", "OPTOUT") ? "deny" : Has(consent, "policyRule", "OPTIN") ? "permit" : null;
        if (!consent.TryGetProperty("provision", out var provision) || provision.ValueKind != JsonValueKind.Object)
        {
            if (rule is not null)
            {
                Add(start with { Denies = rule == "deny" });
            }
            else
            {
                _findings.Add(new("Consent", "neither a provision nor a policyRule OPTIN or OPTOUT: it says nothing that could be enforced"));
            }

            return;
        }

        var type = Text(provision, "type");
        if (type is not null && rule is not null && type != rule)
        {
            // The base is what policyRule says, the provision the exception from it.
            Add(start with { Denies = rule == "deny" });
            Provision(provision, [start], type, 1, "Consent.provision");
        }
        else
        {
            Provision(provision, [start], type ?? rule, 0, "Consent.provision");
        }
    }

    /// <param name="around">The rules of the provision around this one: it speaks of what they speak of, and less.</param>
    private void Provision(JsonElement provision, IReadOnlyList<ConsentRule> around, string? type, int depth, string path)
    {
        if (depth > MostDepth)
        {
            _findings.Add(new(path, $"provisions are nested more than {MostDepth} deep"));
            return;
        }

        var here = Narrow(provision, around, type != "permit", path).Select(r => r with { Depth = depth, Denies = type == "deny" }).ToList();
        if (type is "deny" or "permit" && Sees(provision))
        {
            here.ForEach(Add);
        }

        var i = 0;
        foreach (var inner in Items(provision, "provision"))
        {
            var at = $"{path}.provision[{i++}]";
            var kind = Text(inner, "type");
            if (kind is not ("deny" or "permit"))
            {
                _findings.Add(new(at + ".type", "a nested provision has to say permit or deny"));
                kind = "deny";
            }

            Provision(inner, here, kind, depth + 1, at);
        }
    }

    private List<ConsentRule> Narrow(JsonElement provision, IReadOnlyList<ConsentRule> around, bool wide, string path)
    {
        var rules = around.AsEnumerable();
        if (provision.TryGetProperty("period", out var period) && DateRange.TryRead(period, out var force))
        {
            rules = rules.Select(r => r with { From = Math.Max(r.From, force.Low), Until = Math.Min(r.Until, force.High) });
        }

        if (provision.TryGetProperty("dataPeriod", out var data) && DateRange.TryRead(data, out var dated))
        {
            rules = rules.Select(r => r with { DataFrom = Math.Max(r.DataFrom, dated.Low), DataUntil = Math.Min(r.DataUntil, dated.High) });
        }

        foreach (var unknown in new[] { "code", "data" })
        {
            if (provision.TryGetProperty(unknown, out _))
            {
                _findings.Add(new($"{path}.{unknown}", "single codes and single resources cannot be told apart; use securityLabel, class or dataPeriod"));
                rules = wide ? rules : [];
            }
        }

        rules = By(rules, Actors(provision, wide, path), static (rule, actor) => Meets(rule.Facility, actor.Facility) && Meets(rule.Practitioner, actor.Practitioner)
            ? rule with { Facility = actor.Facility ?? rule.Facility, Practitioner = actor.Practitioner ?? rule.Practitioner }
            : null);
        rules = By(rules, Types(provision, wide, path), static (rule, type) => Meets(rule.Type, type) ? rule with { Type = type } : null);
        rules = By(rules, Sum(Labels(provision, wide, path), static (a, b) => a | b), static (rule, labels) => rule.Labels == 0 ? rule with { Labels = labels } : (rule.Labels & labels) != 0 ? rule with { Labels = rule.Labels & labels } : null);
        rules = By(rules, Sum(PurposesOf(provision, wide, path), static (a, b) => a | b), static (rule, purposes) => rule.Purposes == 0 ? rule with { Purposes = purposes } : (rule.Purposes & purposes) != 0 ? rule with { Purposes = rule.Purposes & purposes } : null);
        return [.. rules.Where(r => r.From < r.Until && r.DataFrom < r.DataUntil).Take(MostRules + 1)];
    }

    /// <summary>Each rule with each condition; null = no condition of this kind, empty = none that can be enforced.</summary>
    private static IEnumerable<ConsentRule> By<T>(IEnumerable<ConsentRule> rules, IReadOnlyList<T>? conditions, Func<ConsentRule, T, ConsentRule?> narrow) =>
        conditions is null ? rules : rules.SelectMany(rule => conditions.Select(condition => narrow(rule, condition)).OfType<ConsentRule>());

    private static IReadOnlyList<T>? Sum<T>(IReadOnlyList<T>? all, Func<T, T, T> plus) => all is { Count: > 1 } ? [all.Aggregate(plus)] : all;

    private static bool Meets(string? around, string? inner) => around is null || inner is null || around == inner;

    private List<(string? Facility, string? Practitioner)>? Actors(JsonElement provision, bool wide, string path) => Conditions<(string?, string?)>(provision, "actor", wide, path, actor =>
        actor.TryGetProperty("reference", out var reference) && Text(reference, "reference") is { } text && LocalReference.TryParse(text, out var type, out var id)
            ? type switch
            {
                "Organization" => (IndexExtractor.FacilityCode(id), null),
                "Practitioner" => (null, id),
                _ => null,
            }
            : null,
        "an actor has to be an Organization (a facility) or a Practitioner of this server");

    private List<string>? Types(JsonElement provision, bool wide, string path) => Conditions(provision, "class", wide, path,
        coding => Text(coding, "system") == TypeSystem && Text(coding, "code") is { } code && ResourceTypes.Exists(code) ? code : null,
        $"a class has to be a resource type of {TypeSystem}");

    private List<DataLabels>? Labels(JsonElement provision, bool wide, string path) => Conditions<DataLabels>(provision, "securityLabel", wide, path,
        coding => Sensitivity.OfSecurityLabel(Text(coding, "system") ?? "", Text(coding, "code") ?? "") is var labels and not DataLabels.None ? labels : null,
        "this security label is none that pieces of the record carry");

    private List<Purposes>? PurposesOf(JsonElement provision, bool wide, string path) => Conditions<Purposes>(provision, "purpose", wide, path,
        coding => Text(coding, "system") is null or ReasonSystem ? PurposeCodes.Of(Text(coding, "code")) : null,
        "a purpose has to be TREAT, ETREAT, HOPERAT, HPAYMT, PUBHLTH, HRESCH or PATRQT");

    private List<T>? Conditions<T>(JsonElement provision, string name, bool wide, string path, Func<JsonElement, T?> read, string problem)
        where T : struct =>
        Conditions(provision, name, wide, path, (JsonElement item, out T value) => read(item) is { } known ? (value = known, true).Item2 : (value = default, false).Item2, problem);

    private List<string>? Conditions(JsonElement provision, string name, bool wide, string path, Func<JsonElement, string?> read, string problem) =>
        Conditions(provision, name, wide, path, (JsonElement item, out string value) => (value = read(item) ?? "").Length > 0, problem);

    private List<T>? Conditions<T>(JsonElement provision, string name, bool wide, string path, Reading<T> read, string problem)
    {
        List<T>? found = null;
        var (i, unknown) = (0, false);
        foreach (var item in Items(provision, name))
        {
            found ??= [];
            if (read(item, out var value))
            {
                found.Add(value);
            }
            else
            {
                unknown = true;
                _findings.Add(new($"{path}.{name}[{i}]", problem));
            }

            i++;
        }

        // A denial with a condition that nobody can check holds without it.
        return unknown && wide ? null : found;
    }

    private delegate bool Reading<T>(JsonElement item, out T value);

    /// <summary>A provision is about actions; one that is about collecting or correcting alone says nothing of who sees.</summary>
    private static bool Sees(JsonElement provision) =>
        !provision.TryGetProperty("action", out var actions) || actions.ValueKind != JsonValueKind.Array || actions.EnumerateArray().Any(a => Seeing.Any(code => HasCode(a, code)));

    private void Add(ConsentRule rule)
    {
        if (_rules.Count < MostRules)
        {
            _rules.Add(rule);
        }
        else if (_rules.Count == MostRules)
        {
            // Fails closed: everything of this person is denied.
            _rules.Add(new ConsentRule { Denies = true, Depth = MostDepth + 1 });
            _findings.Add(new("Consent.provision", $"it comes to more than {MostRules} rules"));
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray().Where(static i => i.ValueKind == JsonValueKind.Object) : [];

    private static bool Has(JsonElement consent, string name, string code) => consent.TryGetProperty(name, out var concept) && HasCode(concept, code);

    private static bool HasCode(JsonElement concept, string code) =>
        concept.ValueKind == JsonValueKind.Object && Items(concept, "coding").Any(coding => Text(coding, "code") == code);

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
