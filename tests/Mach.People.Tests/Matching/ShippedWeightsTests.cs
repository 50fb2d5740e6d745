using Mach.Testing;
using System.Text;
using Mach.Demo.Doubles;
using Mach.People.Matching;

namespace Mach.People.Tests.Matching;

/// <summary>The table that ships can be made again by anybody: from a register of invented people of whom nobody said who is who.</summary>
public sealed class ShippedWeightsTests
{
    private const string Version = "2026-11-25 demonstration";

    [Fact]
    public void The_shipped_weights_are_those_that_learning_gives()
    {
        var people = new DoublesSource(seed: 11, people: 40_000).Register(doubles: 0.25).Select(Known.Of).ToList();
        var learned = Learning.Learn(people, Start.Table, Version);
        var text = Encoding.UTF8.GetString(learned.Write()) + "\n";
        var file = Path.Combine(Repository.Root, "src/Modules/People/Data/weights.json");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }
}
