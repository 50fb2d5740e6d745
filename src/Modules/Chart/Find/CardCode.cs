using System.Globalization;
using System.Text;
using Mach.Kernel;
using Mach.Vietnam;

namespace Mach.Chart.Find;

/// <summary>The line that a scanner types from the QR code of an identity card or of an insurance card.</summary>
/// <remarks>Source: vietnam-formats.md §4.1 and §4.2.</remarks>
internal static class CardCode
{
    public static PersonQuery Parse(string text)
    {
        var parts = text.TrimEnd('$').Split('|');
        var first = parts[0].Trim().ToUpperInvariant();
        if (first.Length == 12 && first.All(char.IsAsciiDigit))
        {
            // The number first; the name and birth date find those whose number nobody has sent yet.
            var byNumber = PersonQuery.ByIdentifiers((Systems.NationalId, first));
            return parts.Length < 4 || Name(parts[2]) is not { } name ? byNumber : WithName(byNumber, name, parts[3]);
        }

        if (first.Length is 10 or 15 && first[^10..].All(char.IsAsciiDigit))
        {
            var number = (Systems.InsuranceNumber, first[^10..]);
            var byCard = first.Length == 15 ? PersonQuery.ByIdentifiers((Systems.InsuranceCard, first), number) : PersonQuery.ByIdentifiers(number);
            return parts.Length < 3 || FromHex(parts[1]) is not { } name ? byCard : WithName(byCard, name, parts[2]);
        }

        return new(PersonQueryKind.NotUnderstood, []);
    }

    private static PersonQuery WithName(PersonQuery query, string name, string birth) =>
        BirthDate(birth) is { } date ? query with { Searches = [.. query.Searches, PersonQuery.ByName(name, date).Searches[0]], Name = name } : query with { Name = name };

    private static string? Name(string text) => string.IsNullOrWhiteSpace(text) ? null : VietnameseText.Compose(text.Trim());

    /// <summary>ddMMyyyy, MMyyyy or yyyy (with or without slashes) as a FHIR date.</summary>
    private static string? BirthDate(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length switch
        {
            8 when DateOnly.TryParseExact(digits, "ddMMyyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            6 => digits[2..] + "-" + digits[..2],
            4 => digits,
            _ => null,
        };
    }

    /// <summary>The name of an insurance card is UTF-8 in hexadecimal digits.</summary>
    private static string? FromHex(string text)
    {
        text = text.Trim();
        if (text.Length == 0 || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit))
        {
            return Name(text);
        }

        return Name(Encoding.UTF8.GetString(Convert.FromHexString(text)));
    }
}
