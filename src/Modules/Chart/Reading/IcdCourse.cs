using System.Globalization;

namespace Mach.Chart.Reading;

/// <summary>How a diagnosis runs: whether it is a problem of the person, and for how long.</summary>
internal enum Course
{
    /// <summary>Nothing is known of it: a problem when it comes back.</summary>
    Recurring,
    /// <summary>Heals, or names a symptom or an encounter: never a problem.</summary>
    Acute,
    /// <summary>Stays from the first time.</summary>
    Lasting,
    /// <summary>A problem until some days after it was last diagnosed.</summary>
    Episode,
}

/// <summary>The course of ICD-10 categories, from Data/icd10-course.tsv.</summary>
internal static class IcdCourse
{
    private static readonly Lazy<IReadOnlyList<(string From, string To, Course Course, int Days)>> Ranges = new(Read);

    /// <summary>The course of a code and, for an episode, its days; the last line that covers the category decides.</summary>
    public static (Course Course, int Days) Of(string? code)
    {
        if (code is not { Length: >= 3 })
        {
            return (Course.Recurring, 0);
        }

        var category = code[..3].ToUpperInvariant();
        for (var i = Ranges.Value.Count - 1; i >= 0; i--)
        {
            var (from, to, course, days) = Ranges.Value[i];
            if (string.CompareOrdinal(from, category) <= 0 && string.CompareOrdinal(category, to) <= 0)
            {
                return (course, days);
            }
        }

        return (Course.Recurring, 0);
    }

    private static List<(string, string, Course, int)> Read()
    {
        using var reader = new StreamReader(typeof(IcdCourse).Assembly.GetManifestResourceStream("icd10-course.tsv")!);
        var ranges = new List<(string, string, Course, int)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split('\t');
            ranges.Add((parts[0][..3], parts[0][^3..], Enum.Parse<Course>(parts[1], ignoreCase: true), parts.Length > 2 ? int.Parse(parts[2], CultureInfo.InvariantCulture) : 0));
        }

        return ranges;
    }
}
