using Mach.Intake.Mapping;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Who the person is, read from XML1 or XML0.</summary>
public class ClaimTests
{
    [Fact]
    public void An_outpatient_says_who_she_is()
    {
        var claim = DossierMapping.Claim(SampleDossiers.Outpatient(), "nguoi-9");
        Assert.Equal("025165001234", claim.NationalId);
        Assert.Equal(["DN4252512345678", "GD4252512345678"], claim.InsuranceCards);
        Assert.Equal("Nguyễn Thị Lụa", claim.Name);
        Assert.Equal("1965-03-12", claim.BirthDate.ToString());
        Assert.Equal("female", claim.Gender);
        Assert.Equal("07900", claim.CommuneCode);
        Assert.Equal("2025-07-01T10:30:00+07:00", claim.AsOf.ToString());
        Assert.Equal("nguoi-9", claim.FiledUnder);
        Assert.Equal("urn:mach:dossier:25001:NT2507010001", claim.Source);
        Assert.False(claim.Deceased);
    }

    [Fact]
    public void An_old_identity_card_is_no_national_number_and_a_birth_year_is_enough()
    {
        var claim = DossierMapping.Claim(SampleDossiers.EveryTable(), null);
        Assert.Null(claim.NationalId);
        Assert.Equal("1994", claim.BirthDate.ToString());
        Assert.Equal(["HN2252598765432"], claim.InsuranceCards);
    }

    [Theory]
    [InlineData("1965", "1965")]
    [InlineData(" 1965 ", "1965")]
    [InlineData("196500000000", "1965")]
    [InlineData("19650712", "1965-07-12")]
    [InlineData("0000", null)]
    [InlineData("65", null)]
    public void A_year_of_birth_alone_is_one_and_the_dossier_comes_back_as_it_was(string sent, string? birth)
    {
        var dossier = SampleDossiers.Outpatient();
        dossier["XML1"]!.Rows[0]["NGAY_SINH"] = sent;
        Assert.Equal(birth, DossierMapping.Claim(dossier, null).BirthDate?.ToString());
        var resources = DossierMapping.ToFhir(dossier, new MappingContext("nguoi-1", "cskcb-25001", DateTimeOffset.UnixEpoch));
        Assert.Equal(sent, DossierMapping.FromFhir([.. resources.Select(r => r.Body)]).Summary["NGAY_SINH"]);
    }

    [Theory]
    [InlineData("5", true)]
    [InlineData("8", true)]
    [InlineData("6", false)]
    public void A_death_is_said_with_its_time(string outcome, bool died)
    {
        var dossier = SampleDossiers.Outpatient();
        dossier["XML1"]!.Rows[0]["KET_QUA_DTRI"] = outcome;
        var claim = DossierMapping.Claim(dossier, null);
        Assert.Equal(died, claim.Deceased);
        Assert.Equal(died ? "2025-07-01T10:30:00+07:00" : "", claim.DeceasedAt.ToString());
    }
}
