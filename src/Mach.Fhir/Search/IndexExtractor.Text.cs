using System.Text.Json;

namespace Mach.Fhir.Search;

public static partial class IndexExtractor
{
    private static void AddText(short number, JsonElement element, IndexKeys keys)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            AddSuffixes(number, SearchText.Fold(element.GetString()), keys);
        }
    }

    /// <summary>One row per word of an address, as its parts and its text say much the same.</summary>
    private static void AddAddress(short number, JsonElement element, IndexKeys keys)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            AddText(number, element, keys);
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (property.Name is "text" or "line" or "city" or "district" or "state" or "postalCode" or "country")
            {
                foreach (var part in Items(property.Value))
                {
                    foreach (var word in part.ValueKind == JsonValueKind.String ? FirstWords(SearchText.Fold(part.GetString())) : [])
                    {
                        AddString(number, SearchText.Cut(word), keys);
                    }
                }
            }
        }
    }

    /// <summary>A match begins at one of the first words and may reach as many further.</summary>
    private static IEnumerable<string> FirstWords(string folded) =>
        folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(SearchText.MaxWords * 2);

    /// <summary>A row for the text from each of its words on: "phu tho" finds "benh vien phu tho".</summary>
    private static void AddSuffixes(short number, string folded, IndexKeys keys)
    {
        var start = 0;
        for (var word = 0; word < SearchText.MaxWords && start < folded.Length; word++)
        {
            AddString(number, SearchText.Cut(folded[start..]), keys);
            var blank = folded.IndexOf(' ', start);
            if (blank < 0)
            {
                return;
            }

            start = blank + 1;
        }
    }

    /// <summary>One row per word; a query of several words asks for the words in any order.</summary>
    private static void AddName(short number, JsonElement element, IndexKeys keys, ref State state)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var whole = Text(element, "text"u8) is { } text ? SearchText.Fold(text) : "";
        var parts = SearchText.Fold(JoinedParts(element));
        AddNameText(number, whole, keys, ref state);
        if (parts != whole)
        {
            AddNameText(number, parts, keys, ref state);
        }
    }

    private static void AddNameText(short number, string folded, IndexKeys keys, ref State state)
    {
        if (folded.Length == 0)
        {
            return;
        }

        (state.Names ??= []).Add(folded);
        foreach (var word in Words(folded))
        {
            AddString(number, SearchText.Cut(word), keys);
        }
    }

    /// <summary>Family and given names in the order of a Vietnamese name.</summary>
    private static string JoinedParts(JsonElement name)
    {
        var joined = Text(name, "family"u8) ?? "";
        if (name.TryGetProperty("given"u8, out var given))
        {
            foreach (var part in Items(given))
            {
                joined += part.ValueKind == JsonValueKind.String ? " " + part.GetString() : "";
            }
        }

        return joined;
    }

    /// <summary>The rows that make person search quick: the whole name once (sorting), every ordered pair of words, every word with the birth year.</summary>
    private static void AddNameKeys(IndexPlan plan, IndexKeys keys, ref State state)
    {
        keys.Strings.Add((plan.NameFull!.Number, state.Names is null ? "" : SearchText.Cut(state.Names[0])));
        foreach (var name in state.Names ?? [])
        {
            var words = Words(name);
            for (var i = 0; i < words.Length; i++)
            {
                if (state.BirthYear is not null)
                {
                    Add(keys, plan.NameYear!.Number, words[i] + "|" + state.BirthYear);
                }

                for (var j = 0; j < words.Length; j++)
                {
                    if (i != j)
                    {
                        AddString(plan.NamePair!.Number, SearchText.Cut(words[i] + " " + words[j]), keys);
                    }
                }
            }
        }
    }

    private static string[] Words(string folded)
    {
        var words = folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length <= SearchText.MaxNameWords ? words : words[..SearchText.MaxNameWords];
    }

    private static void AddString(short number, string text, IndexKeys keys)
    {
        foreach (var (known, row) in keys.Strings)
        {
            if (known == number && row == text)
            {
                return;
            }
        }

        keys.Strings.Add((number, text));
    }
}
