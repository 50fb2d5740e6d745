using System.Text.RegularExpressions;
using Mach.Kernel;
using Mach.Vietnam;
using Mach.Vietnam.Identity;

namespace Mach.Chart.Find;

/// <summary>How a search text was understood.</summary>
public enum PersonQueryKind
{
    Empty,
    /// <summary>An identity number, card or phone, typed or scanned.</summary>
    Identifier,
    /// <summary>A name, a birth date, or both.</summary>
    NameOrBirth,
    /// <summary>Nothing that names a person.</summary>
    NotUnderstood,
}

/// <summary>
/// What somebody typed or scanned to find a person, as Patient searches: one box for names with and without tones,
/// CCCD, insurance cards, phones, birth years and dates, and the QR codes of both cards (clinical.md §5.2 "Global search").
/// </summary>
/// <param name="Searches">Alternatives in order of trust; each is a set of FHIR search parameters.</param>
/// <param name="Name">The words of the name as typed; null when there are none.</param>
public sealed partial record PersonQuery(PersonQueryKind Kind, IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> Searches, string? Name = null)
{
    private const int LongestText = 400;
    private const int MostWords = 8;

    /// <summary>Never throws: what cannot be read is <see cref="PersonQueryKind.NotUnderstood"/>.</summary>
    /// <param name="today">Decides the century of two-digit birth years.</param>
    public static PersonQuery Parse(string? text, DateOnly today)
    {
        // The zero letter stands in nothing that is kept, and PostgreSQL does not take it.
        text = text?.Replace("\0", "", StringComparison.Ordinal).Trim() ?? "";
        if (text.Length > LongestText)
        {
            text = text[..LongestText];
        }

        if (text.Length == 0)
        {
            return new(PersonQueryKind.Empty, []);
        }

        return text.Contains('|', StringComparison.Ordinal) ? CardCode.Parse(text)
            : Identifier(text) ?? NameAndBirth(text, today);
    }

    /// <summary>A search by identifiers, any of which may be the person's.</summary>
    internal static PersonQuery ByIdentifiers(params ReadOnlySpan<(string System, string Value)> keys)
    {
        var values = new List<string>();
        foreach (var (system, value) in keys)
        {
            values.Add(system + "|" + Escape(value));
        }

        return new(PersonQueryKind.Identifier, [[new("identifier", string.Join(',', values))]]);
    }

    /// <summary>Numbers of identity cards, insurance cards and phones; null when the text is something else.</summary>
    /// <remarks>Source: vietnam-formats.md §4.3 (CCCD), §4.4 (cards: 10, 12 or 15 characters).</remarks>
    private static PersonQuery? Identifier(string text)
    {
        var bare = Separators().Replace(text, "").ToUpperInvariant();
        if (bare.Length == 0)
        {
            return null;
        }

        if (InsuranceCard().IsMatch(bare))
        {
            return ByIdentifiers((Systems.InsuranceCard, bare), (Systems.InsuranceNumber, bare[5..]));
        }

        if (!bare.All(char.IsAsciiDigit) && !(bare[0] == '+' && bare[1..].All(char.IsAsciiDigit)))
        {
            return null;
        }

        return bare switch
        {
            { Length: 12 } when bare[0] != '+' => ByIdentifiers((Systems.NationalId, bare)),
            { Length: 10 } when bare[0] is not '0' => ByIdentifiers((Systems.InsuranceNumber, bare)),
            { Length: 9 } => ByIdentifiers((Systems.CitizenId, bare)),
            { Length: 10 } => ByPhone(PhoneNumber.Normalise(bare) ?? bare) is var phone ? phone with { Searches = [.. phone.Searches, .. ByIdentifiers((Systems.InsuranceNumber, bare)).Searches] } : null,
            _ when PhoneNumber.Normalise(bare) is { } phone => ByPhone(phone),
            _ => null,
        };
    }

    private static PersonQuery ByPhone(string phone) => new(PersonQueryKind.Identifier, [[new("phone", phone)]]);

    private static PersonQuery NameAndBirth(string text, DateOnly today)
    {
        var words = new List<string>();
        PartialDate? birth = null;
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Any(char.IsAsciiDigit))
            {
                if (birth is null && PartialDate.TryParseTyped(word, today, out var date))
                {
                    birth = date;
                }

                continue;
            }

            if (word.Any(char.IsLetter) && words.Count < MostWords)
            {
                words.Add(word.Trim(',', ';', '.', '"', '\''));
            }
        }

        if (words.Count == 0 && birth is null)
        {
            return new(PersonQueryKind.NotUnderstood, []);
        }

        var name = words.Count == 0 ? null : string.Join(' ', words);
        return ByName(name, birth?.ToString());
    }

    /// <summary>The words of a name, in any order (the store's meaning of several words), and the birth date.</summary>
    internal static PersonQuery ByName(string? name, string? birthDate)
    {
        var search = new List<KeyValuePair<string, string>>();
        if (name is not null)
        {
            search.Add(new("name", Escape(name)));
        }

        if (birthDate is not null)
        {
            search.Add(new("birthdate", birthDate));
        }

        return new(PersonQueryKind.NameOrBirth, [search], name);
    }

    /// <summary>FHIR search escapes: the value must not read as a list or a token.</summary>
    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);

    [GeneratedRegex(@"[\s.\-()]")]
    private static partial Regex Separators();

    [GeneratedRegex("^[A-Z]{2}[0-9]{13}$")]
    private static partial Regex InsuranceCard();
}
