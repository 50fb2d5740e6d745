using System.Diagnostics.CodeAnalysis;

namespace Mach.Vietnam;

/// <summary>Where a fact came from that was written on a page, as it stands in <c>Resource.meta.source</c>: <c>urn:mach:written:{facility}</c>, the facility for which the writer acted.</summary>
/// <param name="Facility">Facility code, 5 characters.</param>
public sealed record WrittenUri(string Facility)
{
    private const string Prefix = "urn:mach:written:";

    public override string ToString() => Prefix + Facility.ToUpperInvariant();

    public static bool TryParse(string? text, [NotNullWhen(true)] out WrittenUri? uri)
    {
        uri = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length > Prefix.Length ? new(text[Prefix.Length..]) : null;
        return uri is not null;
    }
}
