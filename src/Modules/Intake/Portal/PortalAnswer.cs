using Mach.Kernel;

namespace Mach.Intake.Portal;

/// <summary>One finding in the portal's words.</summary>
internal sealed record PortalError(string? Bang, int? Dong, string? Truong, string QuyTac, string NoiDung);

/// <summary>One dossier in the portal's words.</summary>
/// <param name="KetQua">moi, capNhat, khongDoi or tuChoi.</param>
internal sealed record PortalDossier(string? Tep, int ViTri, string MaLk, string KetQua, IReadOnlyList<PortalError> Loi);

/// <summary>The portal's answer; hoSo goes beyond the contract and may be ignored.</summary>
/// <param name="TrangThai">1 all taken, 2 some refused, 3 the file was not taken.</param>
internal sealed record PortalAnswer(string? MaGiaoDich, int TrangThai, string? MaLoi, IReadOnlyList<PortalDossier> HoSo)
{
    private const int MostErrorText = 4000;
    private const int MostDossiers = 500;
    private const int MostErrorsEach = 20;

    public static PortalAnswer Failed(string why) => new(null, 3, why, []);

    public static PortalAnswer Of(IReadOnlyList<(string? File, Receipt Receipt)> receipts)
    {
        var problems = receipts.SelectMany(r => Problems(r.Receipt)).ToList();
        var dossiers = receipts.SelectMany(r => r.Receipt.Outcomes.Select(o => Dossier(receipts.Count > 1 ? r.File : null, o))).Take(MostDossiers).ToList();
        var state = receipts.All(r => r.Receipt.Rejection is not null) ? 3 : problems.Count > 0 ? 2 : 1;
        return new PortalAnswer(string.Join(';', receipts.Select(r => r.Receipt.Id)), state, problems.Count > 0 ? Cut(string.Join("; ", problems)) : null, dossiers);
    }

    private static IEnumerable<string> Problems(Receipt receipt) => receipt.Rejection is { } rejection
        ? [rejection.Vi]
        : receipt.Outcomes.Where(o => o.Result == DossierResult.Refused).Select(o => $"Lỗi hồ sơ thứ {o.Position}: {Said(o)}");

    /// <summary>The worst finding, without the place that the portal's own words have named already.</summary>
    private static string Said(DossierOutcome refused)
    {
        var (words, place) = (refused.Findings[0].Vi, $"Hồ sơ thứ {refused.Position}");
        return words.StartsWith(place, StringComparison.Ordinal) && words.Length > place.Length && !char.IsAsciiDigit(words[place.Length]) ? words[place.Length..].TrimStart(':', ',', ' ') : words;
    }

    private static PortalDossier Dossier(string? file, DossierOutcome outcome) => new(file, outcome.Position, outcome.MaLk, Result(outcome.Result), [.. outcome.Findings.OrderByDescending(f => f.Severity).Take(MostErrorsEach).Select(Error)]);

    private static PortalError Error(Finding finding) => new(finding.Table, finding.Row > 0 ? finding.Row : null, finding.Field, finding.Rule, finding.Vi);

    private static string Result(DossierResult result) => result switch
    {
        DossierResult.New => "moi",
        DossierResult.Updated => "capNhat",
        DossierResult.Unchanged => "khongDoi",
        _ => "tuChoi",
    };

    private static string Cut(string text) => text.Length > MostErrorText ? text[..MostErrorText] + "…" : text;
}
