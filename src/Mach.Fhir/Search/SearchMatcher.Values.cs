using System.Text.Json;
using Mach.Kernel;

namespace Mach.Fhir.Search;

public static partial class SearchMatcher
{
    /// <remarks>http://hl7.org/fhir/R4/search.html#token. Codes are compared exactly; the system of a plain code is implied by its element, so any is accepted.</remarks>
    private static bool TokenMatches(TokenValue wanted, JsonElement element, SearchForm form)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return wanted.Code.Length > 0 && element.ValueEquals(wanted.Code);
            case JsonValueKind.True:
                return wanted.Code == "true";
            case JsonValueKind.False:
                return wanted.Code == "false";
            case JsonValueKind.Object when element.TryGetProperty("coding"u8, out var codings):
                foreach (var coding in Items(codings))
                {
                    if (CodedMatches(wanted, coding, "code"u8, form))
                    {
                        return true;
                    }
                }

                return false;
            case JsonValueKind.Object:
                return CodedMatches(wanted, element, "code"u8, form) || CodedMatches(wanted, element, "value"u8, form);
            default:
                return false;
        }
    }

    private static bool CodedMatches(TokenValue wanted, JsonElement element, ReadOnlySpan<byte> name, SearchForm form)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var code) || code.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        if (form == SearchForm.Phone)
        {
            // The system of a contact point is its kind, which the parameter has chosen already.
            return SearchText.Phone(code.GetString()!) == wanted.Code;
        }

        return (wanted.Code.Length == 0 || code.ValueEquals(wanted.Code)) && (wanted.System is null || wanted.System == (Text(element, "system"u8) ?? ""));
    }

    /// <summary>An identifier with this value whose type has this coding.</summary>
    private static bool OfTypeMatches(OfTypeValue wanted, JsonElement element) =>
        Text(element, "value"u8) == wanted.Value
        && element.TryGetProperty("type"u8, out var type)
        && Codings(type).Any(coding => coding.Code == wanted.Code && (wanted.System.Length == 0 || coding.System == wanted.System));

    /// <summary>What a code, Coding or CodeableConcept says; a plain code has an empty system.</summary>
    private static IEnumerable<(string System, string Code)> Codings(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            yield return ("", element.GetString()!);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var coding in element.TryGetProperty("coding"u8, out var codings) ? Items(codings) : [element])
            {
                if (Text(coding, "code"u8) is { } code)
                {
                    yield return (Text(coding, "system"u8) ?? "", code);
                }
            }
        }
    }

    /// <summary>What a person reads of a coded value: its text and the displays of its codings; of an identifier, the text of its type.</summary>
    private static IEnumerable<string> CodeTexts(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        IEnumerable<JsonElement> codings = element.TryGetProperty("coding"u8, out var value) ? Items(value) : [element];
        var type = element.TryGetProperty("type"u8, out var kind) ? Text(kind, "text"u8) : null;
        return codings.Select(coding => Text(coding, "display"u8)).Append(Text(element, "text"u8)).Append(type).OfType<string>();
    }

    /// <remarks>http://hl7.org/fhir/R4/search.html#reference.</remarks>
    private static bool ReferenceMatches(ReferenceValue wanted, JsonElement element, SearchParameter parameter)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            var stored = element.GetString()!;
            return stored == wanted.Text || ReferenceText.WithoutVersion(stored) == wanted.Text;
        }

        if (ReferenceText.TryTarget(element, out var type, out var id))
        {
            return (parameter.Targets.Count == 0 || parameter.Targets.Contains(type)) && id == wanted.Id && (wanted.Type is null || type == wanted.Type);
        }

        return wanted.Id is null && Text(element, "reference"u8) is [not '#', ..] text && (text == wanted.Text || ReferenceText.WithoutVersion(text) == wanted.Text);
    }

    /// <remarks>http://hl7.org/fhir/R4/search.html#prefix: what is searched for and what is stored are intervals.</remarks>
    private static bool DateMatches(DateValue wanted, DateRange stored)
    {
        var asked = wanted.Range;
        var inside = asked.Low <= stored.Low && stored.High <= asked.High;
        return wanted.Prefix switch
        {
            DatePrefix.Eq => inside,
            DatePrefix.Ne => !inside,
            DatePrefix.Gt => stored.High > asked.High,
            DatePrefix.Ge => stored.High > asked.High || inside,
            DatePrefix.Lt => stored.Low < asked.Low,
            DatePrefix.Le => stored.Low < asked.Low || inside,
            DatePrefix.Sa => stored.Low >= asked.High,
            DatePrefix.Eb => stored.High <= asked.Low,
            _ => stored.Low < asked.High && stored.High > asked.Low,
        };
    }

    /// <summary>A value with a comparator stands for all values on that side. With a UCUM unit both sides are compared in base units; any other unit as sent.</summary>
    /// <remarks>http://hl7.org/fhir/R4/search.html#quantity.</remarks>
    private static bool QuantityMatches(QuantityValue wanted, JsonElement element)
    {
        if (!QuantityRange.TryRead(element, out var stored))
        {
            return false;
        }

        if (wanted.Canonical is { } canonical && stored.TryCanonical(out var unit, out var low, out var high))
        {
            return unit == canonical.Unit && NumberMatches(canonical.Value, low, high, Slack);
        }

        return (wanted.System is null || stored.System == wanted.System)
            && (wanted.Unit is null || stored.Code == wanted.Unit || (wanted.System is null && stored.Unit == wanted.Unit))
            && NumberMatches(wanted, stored.Low, stored.High, 0);
    }

    /// <summary>Conversion rounds in the last places: values so close count as the same.</summary>
    internal const double Slack = 1e-9;

    private static bool NumberMatches(QuantityValue wanted, double low, double high, double slack)
    {
        var near = Math.Abs(wanted.Value) * slack;
        // The least end belongs to what the digits stand for and the greatest does not; digits finer than the slack still mean the number itself.
        var equal = (wanted.Low - (Math.Abs(wanted.Low) * slack) <= low && high < wanted.High - (Math.Abs(wanted.High) * slack))
            || (slack > 0 && Math.Abs(low - wanted.Value) <= near && Math.Abs(high - wanted.Value) <= near);
        var margin = Math.Abs(wanted.Value) * 0.1;
        return wanted.Prefix switch
        {
            DatePrefix.Eq => equal,
            DatePrefix.Ne => !equal,
            DatePrefix.Gt => high > wanted.Value + near,
            DatePrefix.Ge => high >= wanted.Value - near || equal,
            DatePrefix.Lt => low < wanted.Value - near,
            DatePrefix.Le => low <= wanted.Value + near || equal,
            DatePrefix.Sa => low > wanted.Value + near,
            DatePrefix.Eb => high < wanted.Value - near,
            _ => low <= wanted.Value + margin + near && high >= wanted.Value - margin - near,
        };
    }

    /// <summary>":below": the stored address begins with the wanted one. ":above": the wanted one begins with the stored one, at the end of a path segment.</summary>
    private static bool UriMatches(string wanted, JsonElement element, string? modifier) =>
        element.ValueKind == JsonValueKind.String
        && modifier switch
        {
            "below" => element.GetString()!.StartsWith(wanted, StringComparison.Ordinal),
            "above" => IsAbove(element.GetString()!, wanted),
            _ => element.ValueEquals(wanted),
        };

    internal static bool IsAbove(string stored, string wanted) =>
        stored.Length > 0 && wanted.StartsWith(stored, StringComparison.Ordinal)
        && (wanted.Length == stored.Length || stored[^1] == '/' || wanted[stored.Length] == '/');

    private static bool TextMatches(TextValue wanted, JsonElement element, SearchParameter parameter, string? modifier) => modifier switch
    {
        "exact" => Texts(element).Any(text => VietnameseText.Compose(text) == VietnameseText.Compose(wanted.Plain)),
        "contains" => Texts(element).Any(text => SearchText.Fold(text).Contains(wanted.Folded, StringComparison.Ordinal)),
        _ when parameter.Form == SearchForm.Name => WholeNames(element).Any(name => HasWords(name, wanted.Folded)),
        _ => Texts(element).Any(text => WordStarts(SearchText.Fold(text), wanted.Folded)),
    };

    /// <summary>The single texts of a string, a HumanName or an Address.</summary>
    internal static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object => element.EnumerateObject()
            .Where(property => property.Name is "text" or "family" or "given" or "line" or "city" or "district" or "state" or "postalCode" or "country")
            .SelectMany(property => Items(property.Value))
            .Where(value => value.ValueKind == JsonValueKind.String)
            .Select(value => value.GetString()!),
        _ => [],
    };

    /// <summary>What a string, a HumanName or an Address is sorted by: the whole name or address when it says one, else its parts.</summary>
    internal static IEnumerable<string> Readable(JsonElement element) =>
        element.ValueKind != JsonValueKind.Object ? Texts(element)
        : Text(element, "text"u8) is { Length: > 0 } whole ? [whole]
        : Texts(element);

    /// <summary>A name as one text: as written, and put together from family and given names.</summary>
    private static IEnumerable<string> WholeNames(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var parts = Below(element, "family").Concat(Below(element, "given")).Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString());
        return [Text(element, "text"u8) ?? "", string.Join(' ', parts)];
    }

    private static IEnumerable<JsonElement> Below(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? Items(value) : [];

    private static IEnumerable<JsonElement> Items(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Items),
        JsonValueKind.Null => [],
        _ => [value],
    };

    /// <summary>The wanted text begins at one of the first words of the text.</summary>
    private static bool WordStarts(string folded, string wanted)
    {
        if (wanted.Length == 0)
        {
            return false;
        }

        var start = 0;
        for (var word = 0; word < SearchText.MaxWords; word++)
        {
            if (folded.AsSpan(start).StartsWith(wanted, StringComparison.Ordinal))
            {
                return true;
            }

            var blank = folded.IndexOf(' ', start);
            if (blank < 0)
            {
                return false;
            }

            start = blank + 1;
        }

        return false;
    }

    /// <summary>Every wanted word is a word of the name, the last one the beginning of a word; in any order, each word used once.</summary>
    private static bool HasWords(string name, string wanted)
    {
        var left = SearchText.Fold(name).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(SearchText.MaxNameWords).ToList();
        var words = wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0
            && words[..^1].All(left.Remove)
            && left.Any(word => word.StartsWith(words[^1], StringComparison.Ordinal));
    }
}
