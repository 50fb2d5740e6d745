namespace Mach.Demo.Tests;

/// <summary>Runs alone: it looks at the memory of the whole process.</summary>
[CollectionDefinition("memory", DisableParallelization = true)]
public sealed class MemoryTestsRunAlone;

[Collection("memory")]
public sealed class MemoryTests
{
    [Fact]
    public void Memory_stays_flat_however_many_people_there_are()
    {
        var province = new Province(200_000, today: SmallProvince.Today);
        var before = GC.GetTotalMemory(true);
        long most = 0;
        var dossiers = 0;
        foreach (var _ in province.Dossiers())
        {
            if (++dossiers % 20_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(true) - before);
            }

            if (dossiers == 120_000)
            {
                break;
            }
        }

        Assert.InRange(most, 1, 100_000_000);
    }
}
