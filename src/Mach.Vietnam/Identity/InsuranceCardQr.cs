using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mach.Kernel;

namespace Mach.Vietnam.Identity;

/// <summary>What the QR code of a paper insurance card says: parts joined by '|', names in hexadecimal UTF-8, closed by '$'.</summary>
public sealed record InsuranceCardQr
{
    public required InsuranceCard Card { get; init; }
    public required string Name { get; init; }
    public PartialDate? BirthDate { get; init; }
    /// <summary>1 male, 2 female, 0 unknown.</summary>
    public int Sex { get; init; }
    public string? Address { get; init; }
    /// <summary>Facility of registration, five digits ("25 - 001" gives 25001).</summary>
    public string? Facility { get; init; }
    public DateOnly? ValidFrom { get; init; }
    public DateOnly? ValidTo { get; init; }
    public DateOnly? Issued { get; init; }
    public string? ParentName { get; init; }
    /// <summary>K1, K2 or K3; null for other places.</summary>
    public string? Area { get; init; }
    /// <summary>Day on which five years of insurance without a gap are complete.</summary>
    public DateOnly? FiveYearsOn { get; init; }

    /// <summary>False when the first part is no card or the name is not readable; missing parts at the end are no error.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out InsuranceCardQr? qr)
    {
        qr = null;
        var parts = (text ?? "").Trim().TrimEnd('$').Split('|', StringSplitOptions.TrimEntries);
        if (parts.Length < 8 || !InsuranceCard.TryParse(parts[0], out var card) || Hex(parts[1]) is not { } name)
        {
            return false;
        }

        string Part(int i) => i < parts.Length ? parts[i] : "";
        qr = new InsuranceCardQr
        {
            Card = card,
            Name = name,
            BirthDate = CitizenCardQr.Date(parts[2]),
            Sex = parts[3] switch { "1" => 1, "2" => 2, _ => 0 },
            Address = Hex(parts[4]),
            Facility = string.Concat(parts[5].Where(char.IsAsciiDigit)) is { Length: 5 } facility ? facility : null,
            ValidFrom = CitizenCardQr.Date(parts[6])?.Date,
            ValidTo = CitizenCardQr.Date(parts[7])?.Date,
            Issued = CitizenCardQr.Date(Part(8))?.Date,
            ParentName = Hex(Part(10)),
            Area = Part(11) is "K1" or "K2" or "K3" ? Part(11) : null,
            FiveYearsOn = CitizenCardQr.Date(Part(12))?.Date,
        };
        return true;
    }

    /// <summary>Text from hexadecimal UTF-8; null when empty or not that.</summary>
    private static string? Hex(string text)
    {
        if (text.Length is 0 || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var decoded = Encoding.UTF8.GetString(Convert.FromHexString(text)).Trim();
        return decoded.Length == 0 || decoded.Contains('\uFFFD') ? null : VietnameseText.Compose(decoded);
    }
}
