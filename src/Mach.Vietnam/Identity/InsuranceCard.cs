namespace Mach.Vietnam.Identity;

/// <summary>
/// A health insurance card: the whole code (two letters of the group, one digit of the benefit level, two of the province, ten of the person),
/// or the ten digits of the person alone, as new cards print them. Source: QĐ 1351/QĐ-BHXH 2015; QĐ 130/QĐ-BYT 2023 MA_THE_BHYT.
/// </summary>
public sealed record InsuranceCard
{
    private const int WholeLength = 15;
    private const int NumberLength = 10;

    private InsuranceCard(string code) => Code = code;

    /// <summary>As given, trimmed, upper case: 15 or 10 characters.</summary>
    public string Code { get; }

    /// <summary>Object group such as DN; null when only the number is known.</summary>
    public string? Group => Code.Length == WholeLength ? Code[..2] : null;

    /// <summary>Benefit level 1–5; 0 when only the number is known.</summary>
    public int Benefit => Code.Length == WholeLength ? Code[2] - '0' : 0;

    /// <summary>Two digits of the issuing province; null when only the number is known.</summary>
    public string? Province => Code.Length == WholeLength ? Code.Substring(3, 2) : null;

    /// <summary>Social insurance number of the person, ten digits.</summary>
    public string Number => Code[^NumberLength..];

    /// <summary>The form of the temporary cards of newborns (TE1…); children's lasting cards have it too.</summary>
    public bool IsChildForm => Code.StartsWith("TE1", StringComparison.Ordinal);

    /// <summary>Reads one card; blanks around it are ignored and letters may be small.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out InsuranceCard? card)
    {
        var code = text?.Trim().ToUpperInvariant() ?? "";
        card = code.Length switch
        {
            WholeLength when char.IsAsciiLetterUpper(code[0]) && char.IsAsciiLetterUpper(code[1]) && code[2] is >= '1' and <= '5' && IsDigits(code.AsSpan(3)) => new InsuranceCard(code),
            NumberLength when IsDigits(code) => new InsuranceCard(code),
            _ => null,
        };
        return card is not null;
    }

    /// <summary>The cards of one field, separated by ';'; what is no card is left out. Source: QĐ 130/QĐ-BYT 2023, MA_THE_BHYT.</summary>
    public static IReadOnlyList<InsuranceCard> ParseAll(string? text)
    {
        var cards = new List<InsuranceCard>();
        foreach (var part in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TryParse(part, out var card))
            {
                cards.Add(card);
            }
        }

        return cards;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
