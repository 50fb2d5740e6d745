using System.Globalization;

namespace Mach.FhirApi.Writing;

/// <summary>If-Match: the versions that the client expects to be the current one.</summary>
/// <param name="Any">"*": whatever is there, but something.</param>
/// <param name="Versions">Numbers of versions; a tag that is no number of ours can match nothing and is left out.</param>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#concurrency, RFC 9110 §13.1.1.</remarks>
internal sealed record Precondition(bool Any, IReadOnlyList<int> Versions)
{
    /// <param name="where">Name of the header or element, for the error.</param>
    /// <returns>Null when nothing is asked.</returns>
    /// <exception cref="FhirProblem">400: malformed.</exception>
    public static Precondition? Parse(string? text, string where)
    {
        if (text is null || text.Trim() is not { Length: > 0 } trimmed)
        {
            return null;
        }

        if (trimmed == "*")
        {
            return new Precondition(true, []);
        }

        var versions = new List<int>();
        foreach (var part in trimmed.Split(',', StringSplitOptions.TrimEntries))
        {
            var tag = part.StartsWith("W/", StringComparison.Ordinal) ? part[2..] : part;
            if (tag.Length < 2 || tag[0] != '"' || tag[^1] != '"' || tag.AsSpan(1, tag.Length - 2).Contains('"'))
            {
                throw new FhirProblem(400, "invalid", $"{where} is W/\"n\" with the number of the version that is expected to be the current one.", where);
            }

            if (int.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0)
            {
                versions.Add(version);
            }
        }

        return new Precondition(false, versions);
    }

    /// <param name="current">Current version; 0 when it is not there.</param>
    public bool Holds(int current) => current > 0 && (Any || Versions.Contains(current));
}
