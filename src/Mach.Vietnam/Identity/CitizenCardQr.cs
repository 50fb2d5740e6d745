using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mach.Kernel;

namespace Mach.Vietnam.Identity;

/// <summary>
/// What the QR code of a citizen card says: seven parts joined by '|', more on the cards of 2024 (kept out).
/// Source: parts as read by two independent public readers; no official text is published.
/// </summary>
public sealed record CitizenCardQr
{
    public required CitizenId Id { get; init; }
    /// <summary>Old nine-digit number (CMND), or null.</summary>
    public string? OldNumber { get; init; }
    /// <summary>Full name, composed.</summary>
    public required string Name { get; init; }
    /// <summary>Known to the day, the month or the year; null when the part is empty.</summary>
    public PartialDate? BirthDate { get; init; }
    /// <summary>1 male, 2 female, 0 unknown.</summary>
    public int Sex { get; init; }
    public string? Address { get; init; }
    public DateOnly? Issued { get; init; }

    /// <summary>False when there are fewer than seven parts or the first is no citizen number. Spaces and a scanner's line end are ignored.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CitizenCardQr? card)
    {
        card = null;
        var parts = (text ?? "").Split('|', StringSplitOptions.TrimEntries);
        if (parts.Length < 7 || !CitizenId.TryParse(parts[0], out var id) || parts[2].Length == 0)
        {
            return false;
        }

        card = new CitizenCardQr
        {
            Id = id,
            OldNumber = parts[1].Length == 9 && parts[1].All(char.IsAsciiDigit) ? parts[1] : null,
            Name = VietnameseText.Compose(parts[2]),
            BirthDate = Date(parts[3]),
            Sex = VietnameseText.Fold(parts[4]) switch { "nam" => 1, "nu" => 2, _ => 0 },
            Address = parts[5].Length > 0 ? VietnameseText.Compose(parts[5]) : null,
            Issued = Date(parts[6])?.Date,
        };
        return true;
    }

    /// <summary>ddMMyyyy, MMyyyy or yyyy.</summary>
    internal static PartialDate? Date(string text)
    {
        var digits = text.Replace("/", "", StringComparison.Ordinal);
        return digits.Length is 4 or 6 or 8 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && PartialDate.TryParseDigits(
                digits[^4..] + (digits.Length >= 6 ? digits[^6..^4] : "00") + (digits.Length == 8 ? digits[..2] : "00"), out var date)
            ? date
            : null;
    }
}
