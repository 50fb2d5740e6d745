using Mach.Kernel;
using Mach.Ui;
using Mach.Vietnam.Identity;

namespace Mach.People.Desk;

/// <summary>What became of a scanned code.</summary>
/// <param name="Kind">citizen or insurance; null when it was not read.</param>
/// <param name="Problem">bad-scan or other-scan; null when it was read.</param>
public readonly record struct Scanned(Typed Typed, string? Kind, string? Problem);

/// <summary>Fills the form from the QR code of a citizen card or an insurance card, as a scanner types it.</summary>
internal static class Scan
{
    /// <summary>What the card says stands in the form; what it does not say stays. A card of somebody whose name differs from the one in the form fills nothing.</summary>
    public static Scanned Fill(Typed typed, string text)
    {
        var (kind, filled) = CitizenCardQr.TryParse(text, out var citizen) ? ("citizen", Of(typed, citizen))
            : InsuranceCardQr.TryParse(text, out var insurance) ? ("insurance", Of(typed, insurance))
            : ((string?)null, typed);
        return kind is null ? new Scanned(typed, null, "bad-scan")
            : !string.IsNullOrWhiteSpace(typed.Name) && VietnameseText.Fold(typed.Name) != VietnameseText.Fold(filled.Name) ? new Scanned(typed, null, "other-scan")
            : new Scanned(filled, kind, null);
    }

    private static Typed Of(Typed typed, CitizenCardQr card) => typed with
    {
        Citizen = card.Id.Number,
        OldCard = card.OldNumber ?? typed.OldCard,
        Name = card.Name,
        Birth = card.BirthDate is { } birth ? Dates.Show(birth) : typed.Birth,
        Sex = Sex(card.Sex) ?? typed.Sex,
        Address = card.Address ?? typed.Address,
        // The address of the card names the commune.
        Commune = card.Address is null ? typed.Commune : null,
        CommuneName = card.Address is null ? typed.CommuneName : null,
    };

    private static Typed Of(Typed typed, InsuranceCardQr card) => typed with
    {
        Card = card.Card.Code,
        Name = card.Name,
        // The citizen card was there first where it says more.
        Birth = string.IsNullOrWhiteSpace(typed.Birth) && card.BirthDate is { } birth ? Dates.Show(birth) : typed.Birth,
        Sex = typed.Sex is "female" or "male" or "other" ? typed.Sex : Sex(card.Sex) ?? typed.Sex,
        Address = string.IsNullOrWhiteSpace(typed.Address) ? card.Address : typed.Address,
    };

    private static string? Sex(int code) => code switch { 1 => "male", 2 => "female", _ => null };
}
