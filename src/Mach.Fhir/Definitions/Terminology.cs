using System.Collections.Concurrent;

namespace Mach.Fhir.Definitions;

/// <summary>The second section of the embedded file: where each code system and value set begins. Each is read when it is asked for.</summary>
internal static class Terminology
{
    private static readonly Lazy<Directory> All = new(Open);
    private static readonly ConcurrentDictionary<string, KnownCodeSystem?> Systems = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, KnownValueSet?> Sets = new(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> SystemUrls => All.Value.Systems.Keys;

    public static IReadOnlyCollection<string> SetUrls => All.Value.Sets.Keys;

    /// <param name="url">Canonical, with or without |version.</param>
    public static KnownCodeSystem? FindSystem(string url) =>
        Known(All.Value.Systems, Systems, url, static (section, url, at) => new KnownCodeSystem(url, section, at));

    public static KnownValueSet? FindSet(string url) =>
        Known(All.Value.Sets, Sets, url, static (section, url, at) => new KnownValueSet(url, new SectionReader(section, at)));

    /// <summary>Only what exists is remembered, so that strange urls cannot fill the memory.</summary>
    private static T? Known<T>(Dictionary<string, int> offsets, ConcurrentDictionary<string, T?> known, string url, Func<byte[], string, int, T> read) where T : class
    {
        if (known.TryGetValue(url, out var found))
        {
            return found;
        }

        // Some urls of old v2 tables have a version in their name ("…/v2-0391|2.6"), so the whole url is tried first.
        var plain = offsets.ContainsKey(url) ? url : url.Split('|')[0];
        return offsets.TryGetValue(plain, out var at) ? known.GetOrAdd(plain, _ => read(All.Value.Section, plain, at)) : null;
    }

    private static Directory Open()
    {
        var section = SectionReader.Open(1);
        var reader = new SectionReader(section);
        var systems = reader.List(() => KeyValuePair.Create(reader.Text(), reader.Number()));
        var sets = reader.List(() => KeyValuePair.Create(reader.Text(), reader.Number()));
        var start = reader.Position;
        return new Directory(section, Offsets(systems, start), Offsets(sets, start));
    }

    private static Dictionary<string, int> Offsets(KeyValuePair<string, int>[] entries, int start) =>
        entries.ToDictionary(e => e.Key, e => e.Value + start, StringComparer.Ordinal);

    private sealed record Directory(byte[] Section, Dictionary<string, int> Systems, Dictionary<string, int> Sets);
}
