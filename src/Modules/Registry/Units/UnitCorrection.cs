using System.Globalization;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units.Pages;

namespace Mach.Registry.Units;

/// <summary>A correction of one thing that is said of a unit, since a day, as a form states it.</summary>
/// <param name="Aspect">name, code, population or area.</param>
/// <param name="Fact">Aspect of the ledger that it is kept under.</param>
/// <param name="Value">Clean: a number has a point, whatever was typed.</param>
internal sealed record UnitCorrection(string Unit, string Aspect, string Fact, string Value, DateOnly From)
{
    public static readonly IReadOnlyList<string> Editable = ["name", "code", "population", "area"];

    /// <summary>Reads the form; null when it cannot be, with a problem beside each field that says why.</summary>
    /// <param name="map">As known now.</param>
    public static UnitCorrection? Read(FormText form, string unit, UnitMap map, List<Problem> problems)
    {
        var (aspect, typed) = (form["aspect"], form["value"]);
        var from = UnitQuery.Day(form["from"]);
        if (from is not { } day)
        {
            problems.Add(FormText.NoDay("from"));
        }
        else if (map.Find(unit, day) is null)
        {
            problems.Add(new("from", "Đơn vị không tồn tại vào ngày này.", "The unit does not exist on that day."));
        }

        if (form["why"].Length == 0)
        {
            problems.Add(FormText.NoReason);
        }

        var value = typed;
        switch (aspect)
        {
            case "name" when typed.Length is 0 or > 255:
                problems.Add(new("value", "Tên có từ 1 đến 255 ký tự.", "A name has 1 to 255 characters."));
                break;
            case "code" when typed.Length is 0 or > 10 || !typed.All(char.IsAsciiLetterOrDigit):
                problems.Add(new("value", "Mã có từ 1 đến 10 chữ cái hoặc chữ số.", "A code has 1 to 10 letters or digits."));
                break;
            case "code" when from is { } on && map.FindByCode(typed, on) is { } other && other.Id != unit:
                problems.Add(new("value", $"Mã {typed} đang là của {other.Name}.", $"{typed} is the code of {other.Name}."));
                break;
            case "population" or "area":
                if (!decimal.TryParse(typed.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || (aspect == "population" && number != decimal.Truncate(number)))
                {
                    problems.Add(new("value", aspect == "area" ? "Cần số km² như 56,98." : "Cần số người, không có dấu chấm: 14316.", aspect == "area" ? "Give the km², such as 56.98." : "Give the number of people without marks: 14316."));
                }
                else
                {
                    value = number.ToString(CultureInfo.InvariantCulture);
                }

                break;
            case "name" or "code":
                break;
            default:
                problems.Add(new("aspect", "Không sửa được nội dung này.", "This cannot be corrected."));
                break;
        }

        return problems.Count > 0 ? null : new UnitCorrection(unit, aspect, aspect switch { "code" => Aspects.Exists, "population" or "area" => Aspects.Measure(aspect, "chinh-sua"), _ => Aspects.Name }, value, from!.Value);
    }

    /// <summary>What somebody else said of the same thing after the change that the form was made of.</summary>
    public Fact? ChangedSince(Ledger units, long seen) =>
        units.ChangedSince(Unit, a => a == Fact || (Aspect is "population" or "area" && a.StartsWith(Aspects.Measure(Aspect, ""), StringComparison.Ordinal)), seen);

    /// <summary>States it for all that the unit still lives: a correction never outlives a unit, and never brings one to life.</summary>
    public void State(RegistryDraft draft)
    {
        foreach (var life in draft.Units.Now(Unit, Aspects.Exists).Where(f => f.To > From).ToList())
        {
            draft.Units.State(new Statement(Unit, Fact, Value, From > life.From ? From : life.From, life.To));
        }
    }
}
