using Mach.Intake.Mapping.Tables;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>docs/mapping says what the code does.</summary>
public class MappingDocsTests
{
    [Fact]
    public void The_pages_are_what_the_templates_say()
    {
        foreach (var table in BhytTables.All.Select(t => t.Name).Distinct())
        {
            ProjectFiles.Verify($"docs/mapping/{table}.md", MappingDocs.Page(table));
        }
    }

    [Fact]
    public void No_field_has_two_homes_in_one_resource()
    {
        foreach (var shape in BhytTables.All)
        {
            foreach (var fragment in TableMaps.For(shape).Fragments)
            {
                var twice = fragment.Describe().Where(m => m.Form is not null).GroupBy(m => m.Field).Where(g => g.Count() > 1).Select(g => shape.Fields[g.Key].Name);
                Assert.Empty(twice);
            }
        }
    }
}
