using System.Text.Json;
using Mach.Fhir.Labels;
using Mach.Fhir.Search;
using Mach.Store.Hashing;

namespace Mach.Store.Writing;

/// <summary>What a body is findable by: hashed, sorted, without doubles; reference targets still by name.</summary>
internal sealed class BodyKeys
{
    private const int MaxTextLength = 256;

    public static readonly BodyKeys None = new();

    /// <summary>Patient of the compartment by id; null = the resource is its own.</summary>
    public string? PatientId { get; private init; }
    public long Date { get; private init; }
    public int Organization { get; private init; }
    public int Labels { get; private init; }
    public CareKeys Care { get; private init; } = CareKeys.None;
    public (short Type, string Id, short Parameter)[] References { get; private init; } = [];
    /// <summary>Of added parameters that are evaluated; null when the type has none.</summary>
    public IReadOnlyList<(short Parameter, string Why)>? Failures { get; private init; }
    private long[] Tokens { get; init; } = [];
    private (short Parameter, string Text)[] Strings { get; init; } = [];
    private (short Parameter, long Low, long High)[] Dates { get; init; } = [];
    private (long Hash, double Value)[] Quantities { get; init; } = [];

    /// <param name="scratch">Filled and left dirty.</param>
    public static BodyKeys Of(JsonElement resource, IndexKeys scratch, StoreSecret secret, SearchCatalog catalog)
    {
        IndexExtractor.Extract(resource, scratch, catalog);
        return new BodyKeys
        {
            // A patient's own compartment is itself, which is what null says.
            PatientId = resource.GetProperty("resourceType"u8).ValueEquals("Patient"u8) || scratch.PatientId is not { } patient || !PreparedWrite.IsId(patient) ? null : patient,
            Date = scratch.Date,
            Organization = OrganizationNumber(scratch.OrganizationId),
            Labels = (int)Sensitivity.Of(resource),
            Care = CareKeys.Of(resource, ResourceTypes.Number(resource.GetProperty("resourceType"u8).GetString()!)),
            Tokens = TokensOf(scratch, secret),
            References = ReferencesOf(scratch),
            Strings = StringsOf(scratch),
            Dates = DatesOf(scratch),
            Quantities = QuantitiesOf(scratch, secret),
            Failures = scratch.Failures,
        };
    }

    /// <summary>The keys with reference targets as numbers.</summary>
    public HeadKeys Resolve(Func<(short Type, string Id), long> target)
    {
        if (References.Length == 0)
        {
            return new HeadKeys(Tokens, [], Strings, Dates, Quantities);
        }

        var references = new (long Target, short Parameter)[References.Length];
        for (var i = 0; i < references.Length; i++)
        {
            references[i] = (target((References[i].Type, References[i].Id)), References[i].Parameter);
        }

        return new HeadKeys(Tokens, SortedSet(references), Strings, Dates, Quantities);
    }

    /// <summary>Facility codes (QĐ 384/2019: five letters or digits) as a number in base 36, plus one; 0 = none or another kind of organization.</summary>
    internal static int OrganizationNumber(string? code)
    {
        if (code is not { Length: >= 1 and <= 5 })
        {
            return 0;
        }

        var number = 1;
        foreach (var c in code)
        {
            var digit = c switch
            {
                >= '0' and <= '9' => c - '0',
                >= 'A' and <= 'Z' => c - 'A' + 10,
                >= 'a' and <= 'z' => c - 'a' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return 0;
            }

            number = number * 36 + digit;
        }

        return number;
    }

    private static long[] TokensOf(IndexKeys keys, StoreSecret secret)
    {
        if (keys.Tokens.Count == 0)
        {
            return [];
        }

        var hashes = new long[keys.Tokens.Count];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = secret.Hash(keys.Tokens[i].Parameter, keys.Tokens[i].Key);
        }

        return SortedSet(hashes);
    }

    private static (short, string, short)[] ReferencesOf(IndexKeys keys)
    {
        if (keys.References.Count == 0)
        {
            return [];
        }

        var references = new List<(short, string, short)>(keys.References.Count);
        foreach (var (parameter, type, id) in keys.References)
        {
            if (ResourceTypes.Exists(type) && PreparedWrite.IsId(id))
            {
                references.Add((ResourceTypes.Number(type), id, parameter));
            }
        }

        return [.. references];
    }

    private static (short, string)[] StringsOf(IndexKeys keys)
    {
        if (keys.Strings.Count == 0)
        {
            return [];
        }

        var strings = new List<(short Parameter, string Text)>(keys.Strings.Count);
        foreach (var (parameter, text) in keys.Strings)
        {
            // PostgreSQL has no NUL in texts, and neither engine likes long keys; the recheck reads the whole body anyway.
            var kept = text.Length > MaxTextLength ? text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)] : text;
            strings.Add((parameter, kept.Replace('\0', ' ')));
        }

        strings.Sort(static (a, b) => a.Parameter != b.Parameter ? a.Parameter.CompareTo(b.Parameter) : string.CompareOrdinal(a.Text, b.Text));
        return Distinct(strings);
    }

    // One row per (parameter, low): the longest range of them holds the others.
    private static (short, long, long)[] DatesOf(IndexKeys keys)
    {
        if (keys.Dates.Count == 0)
        {
            return [];
        }

        var sorted = keys.Dates.ToArray();
        Array.Sort(sorted);
        var kept = new List<(short Parameter, long Low, long High)>(sorted.Length);
        foreach (var date in sorted)
        {
            if (kept.Count > 0 && kept[^1].Parameter == date.Parameter && kept[^1].Low == date.Low)
            {
                kept[^1] = date;
            }
            else
            {
                kept.Add(date);
            }
        }

        return [.. kept];
    }

    private static (long, double)[] QuantitiesOf(IndexKeys keys, StoreSecret secret)
    {
        if (keys.Quantities.Count == 0)
        {
            return [];
        }

        var quantities = new List<(long, double)>(keys.Quantities.Count);
        foreach (var (parameter, unit, value) in keys.Quantities)
        {
            if (double.IsFinite(value))
            {
                // Minus zero equals zero in both engines' keys; keep one of them.
                quantities.Add((secret.Hash(parameter, unit), value == 0 ? 0 : value));
            }
        }

        return SortedSet(quantities.ToArray());
    }

    private static T[] SortedSet<T>(T[] items)
        where T : IEquatable<T>
    {
        Array.Sort(items);
        return Distinct(items);
    }

    private static T[] Distinct<T>(IReadOnlyList<T> sorted)
        where T : IEquatable<T>
    {
        var kept = new List<T>(sorted.Count);
        foreach (var item in sorted)
        {
            if (kept.Count == 0 || !kept[^1].Equals(item))
            {
                kept.Add(item);
            }
        }

        return kept.Count == sorted.Count && sorted is T[] same ? same : [.. kept];
    }
}
