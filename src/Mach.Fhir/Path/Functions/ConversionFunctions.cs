using System.Globalization;
using System.Text.RegularExpressions;
using Mach.Fhir.Units;

namespace Mach.Fhir.Path.Functions;

/// <summary>Conversion: http://hl7.org/fhirpath/N1/#conversion.</summary>
internal static partial class ConversionFunctions
{
    public static readonly Dictionary<string, FunctionEntry> All = Make();

    /// <summary>The quantity that a literal of the language or a text stands for; null when none.</summary>
    private static PathQuantity? ReadQuantity(string text)
    {
        var match = QuantityText().Match(text);
        if (!match.Success || !TryDecimal(match.Groups["value"].Value, out var value))
        {
            return null;
        }

        if (match.Groups["code"].Success)
        {
            return new PathQuantity(value, match.Groups["code"].Value);
        }

        return !match.Groups["word"].Success ? new PathQuantity(value, "1")
            : CalendarUnits.Find(match.Groups["word"].Value) is { } unit ? new PathQuantity(value, unit.Name, true)
            : null;
    }

    private static Dictionary<string, FunctionEntry> Make()
    {
        var all = new Dictionary<string, FunctionEntry>(StringComparer.Ordinal);
        Add("Boolean", static value => ToBoolean(value));
        Add("Integer", static value => ToInteger(value));
        Add("Decimal", static value => ToDecimal(value));
        Add("String", static value => ToText(value));
        Add("Date", static value => ToMoment(value, MomentKind.Date));
        Add("DateTime", static value => ToMoment(value, MomentKind.DateTime));
        Add("Time", static value => ToMoment(value, MomentKind.Time));
        all["toQuantity"] = new((in call) => Call.Of(ToQuantity(call)), 0, 1);
        all["convertsToQuantity"] = new((in call) => call.Single is null ? default : Call.Of(ToQuantity(call) is not null), 0, 1);
        return all;

        void Add(string type, Func<object, object?> convert)
        {
            all["to" + type] = new((in call) => call.Single?.SystemValue is { } value ? Call.Of(convert(value)) : default, 0, 0);
            all["convertsTo" + type] = new((in call) => call.Single is { } node ? Call.Of(node.SystemValue is { } value && convert(value) is not null) : default, 0, 0);
        }
    }

    private static object? ToBoolean(object value) => value switch
    {
        bool => value,
        int or decimal or long when Numbers.TryDecimal(value, out var number) => number == 1 ? true : number == 0 ? false : null,
        string text => text.ToLowerInvariant() switch
        {
            "true" or "t" or "yes" or "y" or "1" or "1.0" => true,
            "false" or "f" or "no" or "n" or "0" or "0.0" => false,
            _ => null,
        },
        _ => null,
    };

    private static object? ToInteger(object value) => value switch
    {
        int => value,
        bool b => b ? 1 : 0,
        string text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => null,
    };

    private static object? ToDecimal(object value) => value switch
    {
        decimal => value,
        int i => (decimal)i,
        bool b => b ? 1m : 0m,
        string text => TryDecimal(text, out var number) ? number : null,
        _ => null,
    };

    private static string? ToText(object value) => value switch
    {
        string text => text,
        bool b => b ? "true" : "false",
        int i => i.ToString(CultureInfo.InvariantCulture),
        decimal d => Numbers.Write(d),
        _ => value.ToString(),
    };

    private static Moment? ToMoment(object value, MomentKind kind) => value switch
    {
        string text => Moment.TryParse(text, kind, out var moment) ? moment : kind == MomentKind.Date && Moment.TryParse(text, MomentKind.DateTime, out moment) ? moment.As(kind) : null,
        Moment moment => (moment.Kind == MomentKind.Time) == (kind == MomentKind.Time) ? moment.As(kind) : null,
        _ => null,
    };

    /// <summary>With an argument: in that unit, when the quantity can be expressed in it.</summary>
    private static PathQuantity? ToQuantity(in Call call)
    {
        var quantity = call.Single?.SystemValue switch
        {
            PathQuantity known => known,
            int number => new PathQuantity(number, "1"),
            decimal number => new PathQuantity(number, "1"),
            bool b => new PathQuantity(b ? 1 : 0, "1"),
            string text => ReadQuantity(text),
            _ => null,
        };

        if (quantity is null || call.Arguments == 0 || call.Text(0) is not { } unit)
        {
            return quantity;
        }

        if (CalendarUnits.Find(unit) is { } word)
        {
            return quantity.UcumUnit == word.Ucum || Ucum.TryConvert(quantity.Value, quantity.UcumUnit, word.Ucum, out _)
                ? new PathQuantity(Ucum.TryConvert(quantity.Value, quantity.UcumUnit, word.Ucum, out var amount) ? amount : quantity.Value, word.Name, true)
                : null;
        }

        return Ucum.TryConvert(quantity.Value, quantity.UcumUnit, unit, out var converted) ? new PathQuantity(converted, unit) : null;
    }

    private static bool TryDecimal(string text, out decimal value)
    {
        value = 0;
        return DecimalText().IsMatch(text) && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    [GeneratedRegex(@"^[+-]?\d+(\.\d+)?\z", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex DecimalText();

    [GeneratedRegex(@"^(?<value>[+-]?\d+(\.\d+)?)(\s*('(?<code>[^']+)'|(?<word>[a-zA-Z]+)))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex QuantityText();
}
