using Mach.Access.Looks;
using Mach.Server.Hosting;

namespace Mach.Server.Tests;

/// <summary>Rules about looks of the data folder in place of those of the program.</summary>
public sealed class LookSettingsTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("""{"version":"2027-01-01","listAbove":5,"otherDoors":[],"rules":[{"code":"denials","on":true,"severity":"High","roles":["doctor"],"why":{"vi":"a","en":"b"},"most":3}]}""", "2027-01-01")]
    [InlineData("""{"version":"2027-01-01","listAbove":5,"otherDoors":[],"rules":[{"code":"question","on":true,"severity":"High","roles":[],"why":{"vi":"a","en":"b"}}]}""", "!")]
    [InlineData("{", "!")]
    public void A_file_of_the_data_folder_takes_the_place_of_the_rules(string? text, string? version)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("mach-looks-").FullName, "looks.json");
        if (text is not null)
        {
            File.WriteAllText(file, text);
        }

        if (version == "!")
        {
            Assert.Contains("looks.json cannot be read", Assert.Throws<HubException>(() => LookSettings.Read(file)).Message);
        }
        else
        {
            Assert.Equal(version, LookSettings.Read(file)?.Version);
        }
    }

    [Fact]
    public void The_rules_of_the_program_can_be_taken_as_a_beginning() =>
        Assert.Equal(LookCodes.Watched, LookPolicy.Parse(File.ReadAllBytes(Mach.Testing.Repository.File("src", "Mach.Access", "Looks", "looks.json"))).Rules.Select(r => r.Code));
}
