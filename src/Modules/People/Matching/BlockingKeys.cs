using System.Globalization;
using System.Text;

namespace Mach.People.Matching;

/// <summary>
/// Under which keys a person is looked for: whoever shares one is compared. Each key stands for a way in which the others may be wrong.
/// Identity numbers have an index of their own (the record's identifiers).
/// </summary>
internal static class BlockingKeys
{
    /// <summary>64-bit hashes of the keys, each once. The same on every machine.</summary>
    public static IReadOnlyList<long> Of(Candidate person)
    {
        var keys = new HashSet<long>();
        var name = person.Name.Sorted();
        if (name.Length > 0)
        {
            AddNamed(keys, person, name);
        }

        if (person.Day > 0 && !person.KnowsOnlyYear)
        {
            // Either order of day and month; the sex halves what is read, and is rarely wrong together with the name.
            Add(keys, 'd', person.Year, Math.Min(person.Day, person.Month), Math.Max(person.Day, person.Month), person.Facts.Sex);
        }

        foreach (var phone in person.Facts.Phones.Take(3))
        {
            Add(keys, 'p', phone);
        }

        if (person.Mother.Words.Count > 1 && person.Year > 0)
        {
            Add(keys, 'm', person.Mother.Sorted(), person.Year);
        }

        return [.. keys];
    }

    private static void AddNamed(HashSet<long> keys, Candidate person, string name)
    {
        var given = person.Name.Words[^1].Folded;
        if (person.Year > 0)
        {
            Add(keys, 'y', name, person.Year);
        }

        if (person.Facts.Commune is { } commune)
        {
            Add(keys, 'c', name, commune);
            if (person.Year > 0)
            {
                Add(keys, 'g', given, person.Year, commune);
            }
        }

        if (person.Day > 0 && !person.KnowsOnlyYear)
        {
            // A wrong year.
            Add(keys, 'x', name, person.Day, person.Month);
        }
    }

    private static void Add(HashSet<long> keys, char kind, params ReadOnlySpan<object> parts)
    {
        var text = new StringBuilder().Append(kind);
        foreach (var part in parts)
        {
            text.Append('|').Append(CultureInfo.InvariantCulture, $"{part}");
        }

        keys.Add(Hash(text.ToString()));
    }

    /// <summary>FNV-1a over UTF-8 with a final mix (its low bits alone are weak).</summary>
    public static long Hash(string text)
    {
        unchecked
        {
            var hash = 14695981039346656037UL;
            foreach (var b in Encoding.UTF8.GetBytes(text))
            {
                hash = (hash ^ b) * 1099511628211UL;
            }

            hash ^= hash >> 32;
            hash *= 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
            return (long)hash;
        }
    }
}
