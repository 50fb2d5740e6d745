namespace Mach.Contracts.Registry;

/// <summary>A present commune that somebody may mean by what is typed.</summary>
/// <param name="Code">Five digits.</param>
/// <param name="Name">With its type, such as "Phường Việt Trì".</param>
/// <param name="FormerProvince">With its type; empty when unknown.</param>
/// <param name="FormerName">The unit of an earlier map by whose name it was found, with its district, such as "Xã Hùng Lô, Thành phố Việt Trì"; null when it was found by its own.</param>
public sealed record CommuneSuggestion(string Code, string Name, string FormerProvince, string? FormerName);

/// <summary>
/// Which present commune an address means: communes were merged, split and renamed, and addresses keep the names that people are used to.
/// Answers from memory what the register of units said when <see cref="RefreshAsync"/> was last called; safe for any number of callers.
/// </summary>
public interface ICommuneHistory
{
    /// <summary>
    /// The present commune (five digits) that an address means, whatever unit it names; null when it names none of this province, or several: a unit that was split stands for none.
    /// </summary>
    /// <param name="code">Commune code as written, present or past; null = none.</param>
    /// <param name="address">The address as text, its parts separated by commas, small ones first.</param>
    string? Today(string? code, string? address);

    /// <summary>The parts of the address that name neither a commune nor what lies above it: house, street, hamlet. Folded.</summary>
    string Place(string? address);

    /// <summary>Communes by the beginnings of their words in any order, without tones or with them, or by initials ("vt"); by names of today and of earlier maps. Best first.</summary>
    IReadOnlyList<CommuneSuggestion> Suggest(string text, int count);

    /// <summary>Takes up what was imported or corrected since. Cheap when nothing was; does not wait for the first filling of the register, before which the lists that come with the program hold.</summary>
    ValueTask RefreshAsync(CancellationToken ct);
}
