using System.Globalization;

namespace Mach.Vietnam.Identity;

/// <summary>
/// A citizen identity number (CCCD): three digits of the province of birth registration, one of sex and century, two of the year of birth, six random.
/// There is no check digit. Source: NĐ 137/2015/NĐ-CP art. 13, TT 59/2021/TT-BCA art. 4.
/// </summary>
public sealed record CitizenId
{
    private CitizenId(string number) => Number = number;

    /// <summary>Twelve digits.</summary>
    public string Number { get; }

    public string ProvinceCode => Number[..3];

    /// <summary>1 male, 2 female, as in GIOI_TINH.</summary>
    public int Sex => ((Number[3] - '0') % 2) + 1;

    /// <summary>Year of birth: centuries from 1900 go by pairs of the fourth digit.</summary>
    public int BirthYear => 1900 + ((Number[3] - '0') / 2 * 100) + int.Parse(Number.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Reads twelve digits of a known province; blanks around them are ignored.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CitizenId? id)
    {
        var number = text?.Trim() ?? "";
        id = number.Length == 12 && !number.AsSpan().ContainsAnyExceptInRange('0', '9') && BirthProvinces.Find(number[..3]) is not null
            ? new CitizenId(number)
            : null;
        return id is not null;
    }

    /// <summary>False when the number says another sex; undetermined (3) fits both.</summary>
    public bool FitsSex(int sex) => sex is not (1 or 2) || sex == Sex;

    public bool FitsBirthYear(int year) => year == BirthYear;
}
