namespace Mach.Contracts.People;

/// <summary>Whether two places are one over time: communes were merged, split and renamed, and addresses keep the names that people are used to.</summary>
public interface ICommuneHistory
{
    /// <summary>
    /// The present commune (five digits) that an address means, whatever unit it names; null when it names none of this province, or several.
    /// </summary>
    /// <param name="code">Commune code as written, present or past; null = none.</param>
    /// <param name="address">The address as text, its parts separated by commas, small ones first.</param>
    string? Today(string? code, string? address);
}
