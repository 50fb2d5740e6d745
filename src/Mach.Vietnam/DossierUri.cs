using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mach.Vietnam;

/// <summary>
/// Where a fact came from, as it stands in <c>Resource.meta.source</c>:
/// <c>urn:mach:dossier:{facility}:{percent-encoded MA_LK}#{table}-{row}</c>; the fragment is absent for facts of the whole dossier.
/// </summary>
/// <param name="Facility">Facility code, 5 characters.</param>
/// <param name="MaLk">Treatment-episode key.</param>
/// <param name="Table">Table name such as XML4, or null.</param>
/// <param name="Row">1-based row, 0 when not about a row.</param>
public sealed record DossierUri(string Facility, string MaLk, string? Table = null, int Row = 0)
{
    private const string Prefix = "urn:mach:dossier:";

    public override string ToString() =>
        Prefix + Uri.EscapeDataString(Facility) + ":" + Uri.EscapeDataString(MaLk)
        + (Table is null ? "" : Row > 0 ? string.Create(CultureInfo.InvariantCulture, $"#{Table}-{Row}") : "#" + Table);

    /// <summary>The page or file that shows it, below the site's root.</summary>
    public string Path =>
        "/intake/dossiers/" + Uri.EscapeDataString(Facility) + "/" + Uri.EscapeDataString(MaLk)
        + (Table is null ? "" : Row > 0 ? string.Create(CultureInfo.InvariantCulture, $"#{Table}-{Row}") : "#" + Table);

    public static bool TryParse(string? text, [NotNullWhen(true)] out DossierUri? uri)
    {
        uri = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text[Prefix.Length..];
        string? table = null;
        var row = 0;
        var hash = rest.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            table = rest[(hash + 1)..];
            rest = rest[..hash];
            var dash = table.LastIndexOf('-');
            if (dash > 0 && int.TryParse(table[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out row))
            {
                table = table[..dash];
            }
        }

        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == rest.Length - 1)
        {
            return false;
        }

        uri = new DossierUri(Uri.UnescapeDataString(rest[..colon]), Uri.UnescapeDataString(rest[(colon + 1)..]), table, row);
        return true;
    }
}
