using System.Globalization;
using Mach.Demo.Doubles;
using Mach.Demo.Life;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>
/// The ways in which real dossiers break the written rules (vietnam-formats §1.14), put into about one dossier in forty, and typing errors
/// in identity numbers that make two people contradict each other, visits without papers that make one person two records, and a father's number where
/// the mother's belongs. None of them keeps a visit out.
/// </summary>
internal sealed class Defects(ulong seed, double typingErrors)
{
    /// <summary>Share of dossiers that carry one.</summary>
    public const double Share = 0.025;

    private static readonly (string Name, Func<Dossier, Visit, Dice, bool> Put)[] All =
    [
        ("decimal comma", (d, _, _) => EachResult(d, v => v.Replace('.', ','), v => v.Contains('.', StringComparison.Ordinal))),
        ("unit glued to the value", (d, _, dice) => OneResult(d, dice, r => r.Set(("GIA_TRI", r["GIA_TRI"] + " " + r["DON_VI_DO"])))),
        ("odd unit", (d, _, dice) => OneResult(d, dice, r => r.Set(("DON_VI_DO", OddUnit(r["DON_VI_DO"]!))))),
        ("below the limit", (d, _, dice) => OneResult(d, dice, r => r.Set(("GIA_TRI", "<" + r["GIA_TRI"])))),
        ("service code on every value", (d, _, _) => ServiceCodes(d)),
        ("no identity number", (d, _, _) => Change(d.Summary, "SO_CCCD", _ => "")),
        ("no district", (d, _, _) => Change(d.Summary, "MAHUYEN_CU_TRU", _ => "")),
        ("total too high", (d, _, _) => Change(d.Summary, "T_TONGCHI_BV", v => Add(v, 10_000))),
        ("totals do not add up", (d, _, _) => Change(d.Summary, "T_BHTT", v => Add(v, 1_500))),
        ("two cards", (d, v, _) => TwoCards(d.Summary, v)),
        ("numbering from zero", (d, _, _) => FromZero(d)),
        ("blanks round codes", (d, _, _) => Change(d.Summary, "MA_BENH_CHINH", v => " " + v + " ")),
        ("line break in the address", (d, _, _) => Change(d.Summary, "DIA_CHI", v => v.Replace(", ", ",\r\n", StringComparison.Ordinal))),
        ("half-composed name", (d, _, _) => Change(d.Summary, "HO_TEN", HalfComposed)),
        ("placeholder", (d, _, _) => Change(d.Summary, "CHAN_DOAN_VAO", _ => ".")),
        ("result after discharge", (d, v, dice) => OneResult(d, dice, r => r.Set(("NGAY_KQ", Tables.Minute(v.End.AddHours(30)))))),
        ("comma in the disease code", (d, _, _) => Change(d.Summary, "MA_BENH_CHINH", v => v.Replace('.', ','))),
        ("telephone with marks", (d, _, _) => Change(d.Summary, "DIEN_THOAI", v => v[..4] + "." + v[4..7] + "." + v[7..])),
        ("days of treatment wrong", (d, _, _) => Change(d.Summary, "SO_NGAY_DTRI", v => Add(v, 3))),
        ("supply without disease", (d, _, _) => SupplyWithoutDisease(d)),
    ];

    /// <summary>Puts at most one defect in; its name, or null for a clean dossier.</summary>
    public string? Put(Dossier dossier, Visit visit)
    {
        var dice = Dice.For(seed, visit.Person.Index, Streams.Defect, visit.Ordinal);
        if (visit.Ordinal == 2 && WrongNumber(visit) is { } number)
        {
            return Change(dossier.Summary, "SO_CCCD", _ => number) ? "another identity number" : null;
        }

        if (WithoutPapers(dossier.Summary, visit))
        {
            return "no papers";
        }

        if (WrongMother(dossier, visit))
        {
            return "father's number as the mother's";
        }

        if (!dice.Chance(Share))
        {
            return null;
        }

        var first = dice.Below(All.Length);
        for (var i = 0; i < All.Length; i++)
        {
            var (name, put) = All[(first + i) % All.Length];
            if (put(dossier, visit, dice))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>Somebody else's number out of the same house, or the own one with a digit mistyped.</summary>
    private string? WrongNumber(Visit visit)
    {
        var dice = Dice.For(seed, visit.Person.Index, Streams.Defect, -1);
        if (!dice.Chance(typingErrors))
        {
            return null;
        }

        var other = visit.Person.Household.Members.Find(m => m.Sex != visit.Person.Sex && m.AgeOn(DateOnly.FromDateTime(visit.Start)) >= 16);
        return other is not null && dice.Chance(0.6) ? other.Cccd : Mistyped(visit.Person.Cccd);
    }

    /// <summary>
    /// Somebody without insurance left the identity card at home and got a new number of the facility: nothing but name, date, phone and address tells who it was,
    /// and those are written as a desk in a hurry writes them.
    /// </summary>
    private bool WithoutPapers(DossierRow row, Visit visit)
    {
        var dice = Dice.For(seed, visit.Person.Index, Streams.Defect, -2);
        if (visit.Ordinal != dice.Between(1, 3) || !dice.Chance(typingErrors * 150) || visit.InBed || visit.SentTo is not null || visit.Extra is not null
            || visit.Person.AgeOn(DateOnly.FromDateTime(visit.Start)) < 16 || row["MA_THE_BHYT"] is { Length: > 0 } || row["SO_CCCD"] is not { Length: > 0 })
        {
            return false;
        }

        var (name, birth) = (row["HO_TEN"]!, visit.Person.Birth);
        switch (dice.Below(5))
        {
            case 0:
                row["HO_TEN"] = Slips.Toneless(name);
                break;
            case 1:
                row["HO_TEN"] = Slips.Keyed(name, vni: false, dice);
                break;
            case 2:
                row["HO_TEN"] = Slips.Typo(name, dice);
                break;
            case 3 when Slips.Swapped(birth) is { } swapped && !visit.Person.YearOnly:
                row.Set(("NGAY_SINH", swapped.Replace("-", "", StringComparison.Ordinal) + "0000"), ("DIEN_THOAI", ""));
                break;
            default:
                row.Set(("NGAY_SINH", string.Create(CultureInfo.InvariantCulture, $"{birth.Year:D4}00000000")), ("DIEN_THOAI", ""));
                break;
        }

        row.Set(("SO_CCCD", ""), ("MA_BN", row["MA_BN"] + "M"));
        return true;
    }

    private bool WrongMother(Dossier dossier, Visit visit) =>
        visit.InBed && dossier["XML7"] is { Rows: [var paper, ..] } && paper["MA_CHA"] is { Length: > 0 } father && paper["MA_ME"] is { Length: > 0 }
        && Dice.For(seed, visit.Person.Index, Streams.Defect, -3 - visit.Ordinal).Chance(typingErrors * 15) && Change(paper, "MA_ME", _ => father);

    private static string Mistyped(string number)
    {
        var digits = number.ToCharArray();
        digits[10] = (char)('0' + ((digits[10] - '0' + 5) % 10));
        return new string(digits);
    }

    private static bool Change(DossierRow row, string field, Func<string, string> change)
    {
        var before = row[field] ?? "";
        var after = before.Length == 0 ? "" : change(before);
        if (before == after)
        {
            return false;
        }

        row[field] = after;
        return true;
    }

    private static List<DossierRow> Measured(Dossier dossier) =>
        dossier["XML4"]?.Rows.FindAll(r => r["DON_VI_DO"] is { Length: > 0 }) ?? [];

    private static bool OneResult(Dossier dossier, Dice dice, Action<DossierRow> change)
    {
        var rows = Measured(dossier);
        if (rows.Count == 0)
        {
            return false;
        }

        change(dice.Pick(rows));
        return true;
    }

    private static bool EachResult(Dossier dossier, Func<string, string> change, Predicate<string> when)
    {
        var rows = Measured(dossier).FindAll(r => when(r["GIA_TRI"]!));
        foreach (var row in rows)
        {
            row.Set(("GIA_TRI", change(row["GIA_TRI"]!)));
        }

        return rows.Count > 0;
    }

    private static bool ServiceCodes(Dossier dossier)
    {
        var rows = Measured(dossier);
        foreach (var row in rows)
        {
            row.Set(("MA_CHI_SO", row["MA_DICH_VU"]), ("TEN_CHI_SO", dossier["XML3"]!.Rows.Find(s => s["MA_DICH_VU"] == row["MA_DICH_VU"])?["TEN_DICH_VU"] ?? row["TEN_CHI_SO"]));
        }

        return rows.Count > 1;
    }

    private static bool TwoCards(DossierRow row, Visit visit)
    {
        if (row["MA_THE_BHYT"] is not { Length: 15 } card || card.StartsWith("TE1", StringComparison.Ordinal))
        {
            return false;
        }

        var year = visit.Start.Year;
        row.Set(("MA_THE_BHYT", "GD4" + card[3..] + ";" + card), ("MA_DKBD", row["MA_DKBD"] + ";" + row["MA_DKBD"]),
            ("GT_THE_TU", string.Create(CultureInfo.InvariantCulture, $"{year}0101;{visit.Start:yyyyMMdd}")),
            ("GT_THE_DEN", string.Create(CultureInfo.InvariantCulture, $"{visit.Start:yyyyMMdd};{visit.End.Year}1231")));
        return true;
    }

    private static bool FromZero(Dossier dossier)
    {
        var rows = dossier["XML3"]!.Rows;
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i]["STT"] = Tables.Text(i);
        }

        return true;
    }

    private static bool SupplyWithoutDisease(Dossier dossier) =>
        dossier["XML3"]!.Rows.Find(r => r["MA_VAT_TU"] is { Length: > 0 }) is { } row && Change(row, "MA_BENH", _ => "");

    private static string OddUnit(string unit) => unit switch
    {
        "G/L" => "K/uL",
        "T/L" => "x10^12/lit",
        "U/L" => "u/I - 37oC",
        "mmol/L" => "mmol/lit",
        "g/L" => "g/l ",
        _ => unit.ToUpperInvariant(),
    };

    /// <summary>Vowels with their hat composed and the tone left as a combining mark, as some typing programs store them.</summary>
    private static string HalfComposed(string name) => name
        .Replace("ễ", "ê\u0303", StringComparison.Ordinal).Replace("ế", "ê\u0301", StringComparison.Ordinal).Replace("ầ", "â\u0300", StringComparison.Ordinal)
        .Replace("ạ", "a\u0323", StringComparison.Ordinal).Replace("à", "a\u0300", StringComparison.Ordinal).Replace("ỗ", "ô\u0303", StringComparison.Ordinal)
        .Replace("ị", "i\u0323", StringComparison.Ordinal).Replace("ù", "u\u0300", StringComparison.Ordinal).Replace("ỳ", "y\u0300", StringComparison.Ordinal);

    private static string Add(string amount, decimal more) => Tables.Text(decimal.Parse(amount, NumberStyles.Number, CultureInfo.InvariantCulture) + more);
}
