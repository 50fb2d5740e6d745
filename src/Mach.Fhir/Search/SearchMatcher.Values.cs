using System.Text.Json;
using Mach.Kernel;

namespace Mach.Fhir.Search;

public static partial class SearchMatcher
{
    /// <remarks>http://hl7.org/fhir/R4/search.html#token. Codes are compared exactly; the system of a plain code is implied by its element, so any is accepted.</remarks>
    private static bool TokenMatches(TokenValue wanted, JsonElement element, SearchForm form) => element.ValueKind switch
    {
        JsonValueKind.String => wanted.Code.Length > 0 && element.GetString() == wanted.Code,
        JsonValueKind.True => wanted.Code == "true",
        JsonValueKind.False => wanted.Code == "false",
        JsonValueKind.Object when element.TryGetProperty("coding", out var codings) => Open(codings).Any(coding => CodedMatches(wanted, coding, "code", form)),
        JsonValueKind.Object => CodedMatches(wanted, element, "code", form) || CodedMatches(wanted, element, "value", form),
        _ => false,
    };

    private static bool CodedMatches(TokenValue wanted, JsonElement element, string name, SearchForm form)
    {
        var code = Text(element, name);
        if (code is null)
        {
            return false;
        }

        if (form == SearchForm.Phone)
        {
            // The system of a contact point is its kind, which the parameter has chosen already.
            return SearchText.Phone(code) == wanted.Code;
        }

        return (wanted.Code.Length == 0 || code == wanted.Code) && (wanted.System is null || wanted.System == (Text(element, "system") ?? ""));
    }

    /// <summary>What a person reads of a coded value: its text and the displays of its codings.</summary>
    private static IEnumerable<string> CodeTexts(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        IEnumerable<JsonElement> codings = element.TryGetProperty("coding", out var value) ? Open(value) : [element];
        return codings.Select(coding => Text(coding, "display")).Append(Text(element, "text")).OfType<string>();
    }

    private static bool ReferenceMatches(ReferenceValue wanted, JsonElement element, SearchParameter parameter)
    {
        if (Text(element, "reference") is not { } text)
        {
            return false;
        }

        if (!LocalReference.TryParse(text, out var type, out var id))
        {
            return wanted.Id is null && text == wanted.Text;
        }

        return (parameter.Targets.Count == 0 || parameter.Targets.Contains(type)) && id == wanted.Id && (wanted.Type is null || type == wanted.Type);
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

    /// <summary>A value with a comparator stands for all values on that side; units are compared as sent.</summary>
    private static bool QuantityMatches(QuantityValue wanted, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("value", out var number) || number.ValueKind != JsonValueKind.Number
            || (wanted.System is not null && Text(element, "system") != wanted.System)
            || (wanted.Unit is not null && Text(element, "code") != wanted.Unit && Text(element, "unit") != wanted.Unit))
        {
            return false;
        }

        var value = number.GetDouble();
        var comparator = Text(element, "comparator");
        var low = comparator is "<" or "<=" ? double.NegativeInfinity : value;
        var high = comparator is ">" or ">=" ? double.PositiveInfinity : value;
        var equal = wanted.Low <= low && high < wanted.High;
        var margin = Math.Abs(wanted.Value) * 0.1;
        return wanted.Prefix switch
        {
            DatePrefix.Eq => equal,
            DatePrefix.Ne => !equal,
            DatePrefix.Gt => high > wanted.Value,
            DatePrefix.Ge => high >= wanted.Value || equal,
            DatePrefix.Lt => low < wanted.Value,
            DatePrefix.Le => low <= wanted.Value || equal,
            DatePrefix.Sa => low > wanted.Value,
            DatePrefix.Eb => high < wanted.Value,
            _ => low <= wanted.Value + margin && high >= wanted.Value - margin,
        };
    }

    private static bool UriMatches(string wanted, JsonElement element, string? modifier) =>
        element.ValueKind == JsonValueKind.String
        && (modifier == "below" ? element.GetString()!.StartsWith(wanted, StringComparison.Ordinal) : element.ValueEquals(wanted));

    private static bool TextMatches(TextValue wanted, JsonElement element, SearchClause clause) => clause.Modifier switch
    {
        "exact" => Texts(element).Any(text => VietnameseText.Compose(text) == VietnameseText.Compose(wanted.Plain)),
        "contains" => Texts(element).Any(text => SearchText.Fold(text).Contains(wanted.Folded, StringComparison.Ordinal)),
        _ when clause.Parameter.Form == SearchForm.Name => WholeNames(element).Any(name => HasWords(name, wanted.Folded)),
        _ => Texts(element).Any(text => WordStarts(SearchText.Fold(text), wanted.Folded)),
    };

    /// <summary>The single texts of a string, a HumanName or an Address.</summary>
    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object => element.EnumerateObject()
            .Where(property => property.Name is "text" or "family" or "given" or "line" or "city" or "district" or "state" or "postalCode" or "country")
            .SelectMany(property => Open(property.Value))
            .Where(value => value.ValueKind == JsonValueKind.String)
            .Select(value => value.GetString()!),
        _ => [],
    };

    /// <summary>A name as one text: as written, and put together from family and given names.</summary>
    private static IEnumerable<string> WholeNames(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var parts = Step(element, "family").Concat(Step(element, "given")).Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString());
        return [Text(element, "text") ?? "", string.Join(' ', parts)];
    }

    /// <summary>The wanted text begins at one of the first words of the text.</summary>
    private static bool WordStarts(string folded, string wanted)
    {
        if (wanted.Length == 0)
        {
            return false;
        }

        var words = folded.Split(' ');
        return Enumerable.Range(0, Math.Min(words.Length, SearchText.MaxWords))
            .Any(first => string.Join(' ', words[first..]).StartsWith(wanted, StringComparison.Ordinal));
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
