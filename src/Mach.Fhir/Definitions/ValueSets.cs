namespace Mach.Fhir.Definitions;

/// <summary>The value sets of the specification that can be written down code by code.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/terminologies-valuesets.html. Sets over SNOMED CT, LOINC, UCUM and the like are not among them.</remarks>
public static class ValueSets
{
    /// <summary>By canonical url, with or without |version; null when unknown or not enumerable.</summary>
    public static KnownValueSet? Find(string url) => Terminology.FindSet(url);

    /// <summary>Urls of all of them.</summary>
    public static IReadOnlyCollection<string> Urls => Terminology.SetUrls;
}

/// <summary>One code of a value set.</summary>
public sealed record Concept(string System, string Code, string? Display);

/// <summary>A value set with all its codes.</summary>
public sealed class KnownValueSet
{
    private readonly Dictionary<string, Concept> _byCode = new(StringComparer.Ordinal);
    private readonly HashSet<(string System, string Code)>? _others;

    internal KnownValueSet(string url, SectionReader reader)
    {
        Url = url;
        Name = reader.Text();
        Version = reader.TextOrNull();
        var concepts = new List<Concept>();
        for (var runs = reader.Number(); runs > 0; runs--)
        {
            ReadRun(reader, concepts);
        }

        Concepts = concepts;
        foreach (var concept in concepts)
        {
            if (!_byCode.TryAdd(concept.Code, concept))
            {
                (_others ??= []).Add((concept.System, concept.Code));
            }
        }
    }

    public string Url { get; }

    public string Name { get; }

    public string? Version { get; }

    /// <summary>The codes in the order of the definition.</summary>
    public IReadOnlyList<Concept> Concepts { get; }

    /// <summary>Whether the code belongs to the set. Never null for the sets here; the type is that of terminology services, which may not know.</summary>
    /// <param name="system">Null when the place of the code implies the system, as for elements of type code.</param>
    public bool? Contains(string? system, string code) =>
        _byCode.TryGetValue(code, out var concept) && (system is null || system == concept.System || _others?.Contains((system, code)) == true);

    private static void ReadRun(SectionReader reader, List<Concept> concepts)
    {
        var system = reader.Text();
        switch (reader.Byte())
        {
            case 0:
                concepts.AddRange(Terminology.FindSystem(system)!.Concepts.Select(c => new Concept(system, c.Code, c.Display)));
                break;
            case 1:
                var known = Terminology.FindSystem(system)!.Concepts;
                concepts.AddRange(reader.List(() => known[reader.Number()]).Select(c => new Concept(system, c.Code, c.Display)));
                break;
            default:
                concepts.AddRange(reader.List(() => new Concept(system, reader.Text(), reader.TextOrNull())));
                break;
        }
    }
}
