namespace Mach.Fhir.Definitions;

/// <summary>The code systems that the specification ships with their codes.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/terminologies-systems.html.</remarks>
public static class CodeSystems
{
    /// <summary>By canonical url, with or without |version; null when the specification does not ship it.</summary>
    public static KnownCodeSystem? Find(string url) => Terminology.FindSystem(url);

    /// <summary>Urls of all of them.</summary>
    public static IReadOnlyCollection<string> Urls => Terminology.SystemUrls;
}

/// <summary>A code system of the specification.</summary>
public sealed class KnownCodeSystem
{
    private readonly byte[] _section;
    private readonly Dictionary<string, int> _byCode;

    internal KnownCodeSystem(string url, byte[] section, int position)
    {
        var reader = new SectionReader(section, position);
        _section = section;
        Url = url;
        Name = reader.Text();
        Version = reader.TextOrNull();
        IsComplete = reader.Flag();
        Concepts = reader.List(() => new KnownConcept(this, reader.Text(), reader.TextOrNull(), reader.Skip(), reader.Number() - 1));
        _byCode = new Dictionary<string, int>(Concepts.Count, StringComparer.Ordinal);
        for (var i = 0; i < Concepts.Count; i++)
        {
            _byCode.TryAdd(Concepts[i].Code, i);
        }
    }

    public string Url { get; }

    public string Name { get; }

    public string? Version { get; }

    /// <summary>All codes are here; otherwise examples or a fragment.</summary>
    public bool IsComplete { get; }

    /// <summary>The codes in the order of the specification; a child stands after its parent.</summary>
    public IReadOnlyList<KnownConcept> Concepts { get; }

    /// <summary>The concept with exactly this code; null when there is none.</summary>
    public KnownConcept? Find(string code) => _byCode.TryGetValue(code, out var at) ? Concepts[at] : null;

    internal string? Definition(int position) => new SectionReader(_section, position).TextOrNull();
}

/// <summary>One code of a code system.</summary>
public sealed class KnownConcept
{
    private readonly KnownCodeSystem _system;
    private readonly int _definition, _parent;

    internal KnownConcept(KnownCodeSystem system, string code, string? display, int definition, int parent)
    {
        _system = system;
        _definition = definition;
        _parent = parent;
        Code = code;
        Display = display;
    }

    public string Code { get; }

    public string? Display { get; }

    /// <summary>What it means, where the specification says more than the display.</summary>
    public string? Definition => _system.Definition(_definition);

    /// <summary>The broader concept; null at the top.</summary>
    public KnownConcept? Parent => _parent < 0 ? null : _system.Concepts[_parent];
}
