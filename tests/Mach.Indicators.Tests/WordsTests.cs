using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Testing;

namespace Mach.Indicators.Tests;

public class WordsTests
{
    [Fact]
    public void Both_languages_have_the_same_keys_and_places() => RoomWords.AssertBothLanguages("Mach.Indicators");

    /// <summary>Every group and way of the definitions has a name.</summary>
    [Fact]
    public void What_definitions_name_has_a_word()
    {
        foreach (var key in DefinitionForm.Groups.Select(g => "group-" + g).Concat(DefinitionForm.Directions.Select(d => "better-" + d)).Concat(DefinitionForm.PlaceNames.Select(p => "place-" + p)).Concat(IndicatorQuery.Ways.Select(w => "by-" + w.Key)).Concat(IndicatorQuery.Maps.Select(m => "map-" + m)))
        {
            Assert.NotNull(Words.T.Find(key));
        }
    }
}
