using Mach.Chart.Find;
using Mach.Vietnam;

namespace Mach.Chart.Tests;

/// <summary>What people type and scan to find a person. Source: clinical.md §5.2 "Global search", vietnam-formats.md §4.1–4.4.</summary>
public sealed class PersonQueryTests
{
    private static readonly DateOnly Today = new(2026, 11, 20);

    [Theory]
    [InlineData("nguyễn văn an", "name=nguyễn văn an")]
    [InlineData("  lan ", "name=lan")]
    [InlineData("nguyen van an 1965", "name=nguyen van an&birthdate=1965")]
    [InlineData("1965 lan", "name=lan&birthdate=1965")]
    [InlineData("lan 12/7/65", "name=lan&birthdate=1965-07-12")]
    [InlineData("12/07/1965", "birthdate=1965-07-12")]
    [InlineData("1965", "birthdate=1965")]
    [InlineData("an, nguyễn", "name=an nguyễn")]
    public void Names_and_birth_dates_in_any_mixture(string typed, params string[] searches) => Assert.Equal(searches, Shown(typed));

    [Theory]
    [InlineData("025065001234", Systems.NationalId + "|025065001234")]
    [InlineData("025 065 001 234", Systems.NationalId + "|025065001234")]
    [InlineData("GD4252500001111", Systems.InsuranceCard + "|GD4252500001111," + Systems.InsuranceNumber + "|2500001111")]
    [InlineData("gd4 25 2500001111", Systems.InsuranceCard + "|GD4252500001111," + Systems.InsuranceNumber + "|2500001111")]
    [InlineData("2500001111", Systems.InsuranceNumber + "|2500001111")]
    [InlineData("131234567", Systems.CitizenId + "|131234567")]
    public void Numbers_of_cards(string typed, string identifier) => Assert.Equal(["identifier=" + identifier], Shown(typed));

    [Theory]
    [InlineData("0912345678")]
    [InlineData("0912 345 678")]
    [InlineData("+84912345678")]
    [InlineData("84912345678")]
    [InlineData("0084912345678")]
    public void Phones_in_every_usual_form(string typed) => Assert.Equal("phone=0912345678", Shown(typed)[0]);

    [Theory]
    [InlineData("02103847123", "02103847123")]
    [InlineData("(0210) 3847 123", "02103847123")]
    [InlineData("+84 210 3847 123", "02103847123")]
    [InlineData("0243.826.1234", "02438261234")]
    [InlineData("0168 123 4567", "0381234567")]
    public void Landlines_and_numbers_from_before_they_were_renumbered(string typed, string phone) => Assert.Equal(["phone=" + phone], Shown(typed));

    [Fact]
    public void A_ten_digit_number_with_a_leading_zero_may_be_a_phone_or_an_insurance_number() =>
        Assert.Equal(["phone=0112345678", $"identifier={Systems.InsuranceNumber}|0112345678"], Shown("0112345678"));

    [Fact]
    public void A_scanned_identity_card_searches_its_number_then_the_name_with_the_birth_date() => Assert.Equal(
        [$"identifier={Systems.NationalId}|025065001234", "name=Nguyễn Văn An&birthdate=1965-07-12"],
        Shown("025065001234|131234567|Nguyễn Văn An|12071965|Nam|Khu 3, Hy Cương, Phú Thọ|01052021"));

    [Fact]
    public void A_scanned_insurance_card_has_its_name_in_hexadecimal() => Assert.Equal(
        [$"identifier={Systems.InsuranceCard}|GD4252500001111,{Systems.InsuranceNumber}|2500001111", "name=Trần Thị Lan&birthdate=1965-07-12"],
        Shown("GD4252500001111|5472e1baa76e205468e1bb8b204c616e|12/07/1965|2|50|25 - 001|01/01/2024|-|01/01/2024|25||4|01/01/2029|$"));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Nothing_typed_is_no_search(string typed) => Assert.Equal(PersonQueryKind.Empty, PersonQuery.Parse(typed, Today).Kind);

    [Theory]
    [InlineData("|||")]
    [InlineData("??? !!!")]
    [InlineData("12345678901234567890")]
    public void What_names_nobody_is_not_understood_and_never_fails(string typed) =>
        Assert.Equal(PersonQueryKind.NotUnderstood, PersonQuery.Parse(typed, Today).Kind);

    [Fact]
    public void A_value_cannot_break_out_of_its_parameter() => Assert.Equal(["name=a\\$b"], Shown("a$b"));

    private static string[] Shown(string typed) =>
        [.. PersonQuery.Parse(typed, Today).Searches.Select(search => string.Join('&', search.Select(p => $"{p.Key}={p.Value}")))];
}
