using System.Text;
using System.Text.Json;
using Mach.Kernel;

namespace Mach.Fhir.Validation;

/// <summary>per-1: a period's start is not after its end.</summary>
/// <remarks>
/// Source: http://hl7.org/fhir/R4/datatypes.html#Period. As in FHIRPath, dates of different precision are compared as far as both go,
/// and what that leaves open is no error.
/// </remarks>
internal static class PeriodOrder
{
    public static bool Holds(JsonElement period) =>
        JsonText.Find(period, "start"u8) is not { } start || JsonText.Find(period, "end"u8) is not { } end || !IsAfter(start, end);

    private static bool IsAfter(string start, string end)
    {
        if (!DateFormats.IsDateTime(Encoding.UTF8.GetBytes(start)) || !DateFormats.IsDateTime(Encoding.UTF8.GetBytes(end)))
        {
            return false;
        }

        if (start.Length > 10 && end.Length > 10 && PartialDate.TryParseFhir(start, out var from) && PartialDate.TryParseFhir(end, out var to))
        {
            return from.Low > to.Low;
        }

        var common = Math.Min(Math.Min(start.Length, end.Length), 10);
        return string.CompareOrdinal(start, 0, end, 0, common) > 0;
    }
}
