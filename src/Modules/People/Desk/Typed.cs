using System.Globalization;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.Vietnam.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Mach.People.Desk;

/// <summary>What stands in the form of a registration so far; the same names in the address of the dry run. Everything may be empty.</summary>
public sealed record Typed
{
    [FromQuery(Name = "name")] public string? Name { get; init; }
    /// <summary>As people write dates: <see cref="TypedDate"/>.</summary>
    [FromQuery(Name = "birth")] public string? Birth { get; init; }
    /// <summary>male, female, other or unknown.</summary>
    [FromQuery(Name = "sex")] public string? Sex { get; init; }
    [FromQuery(Name = "cccd")] public string? Citizen { get; init; }
    [FromQuery(Name = "cmnd")] public string? OldCard { get; init; }
    [FromQuery(Name = "card")] public string? Card { get; init; }
    [FromQuery(Name = "passport")] public string? Passport { get; init; }
    [FromQuery(Name = "birthcertificate")] public string? BirthCertificate { get; init; }
    [FromQuery(Name = "phone")] public string? Phone { get; init; }
    /// <summary>Five digits; set by the picker.</summary>
    [FromQuery(Name = "commune")] public string? Commune { get; init; }
    /// <summary>Name of a commune as typed, of today or of an earlier map; it counts where no code was picked.</summary>
    [FromQuery(Name = "communename")] public string? CommuneName { get; init; }
    [FromQuery(Name = "address")] public string? Address { get; init; }
    [FromQuery(Name = "mother")] public string? Mother { get; init; }
    [FromQuery(Name = "order")] public string? Order { get; init; }

    /// <param name="today">Decides the century of two-digit years.</param>
    internal PersonSought Sought(DateOnly today) => new()
    {
        Name = VietnameseText.Compose((Name ?? "").Trim()),
        BirthDate = BirthIso(today),
        Gender = Sex is "male" or "female" or "other" ? Sex : "unknown",
        NationalId = Given(Citizen),
        OldCard = Given(OldCard),
        Passport = Given(Passport),
        BirthCertificate = Given(BirthCertificate),
        InsuranceCards = Given(Card) is { } card ? [card] : [],
        Phones = Given(Phone) is { } phone ? [phone] : [],
        CommuneCode = Given(Commune),
        Address = Given(Address),
        MotherName = Given(Mother),
        BirthOrder = int.TryParse(Order, NumberStyles.None, CultureInfo.InvariantCulture, out var order) && order is > 0 and < 10 ? order : 0,
    };

    /// <summary>yyyy, yyyy-MM or yyyy-MM-dd; null when nothing, no date or a day to come was typed.</summary>
    internal string? BirthIso(DateOnly today) => TypedDate.Read(Birth, today) is { Date: { } date } typed && !typed.IsAfter(today) ? date.ToString() : null;

    /// <summary>What cannot be, or contradicts itself: codes of the texts of this room. The citizen number knows the sex and the year of birth.</summary>
    internal IReadOnlyList<string> Problems(DateOnly today)
    {
        var problems = new List<string>();
        var sought = Sought(today);
        if (sought.Name.Length == 0)
        {
            problems.Add("need-name");
        }

        if (Given(Birth) is not null && sought.BirthDate is null)
        {
            problems.Add("bad-birth");
        }

        if (sought.NationalId is { } number)
        {
            if (!CitizenId.TryParse(number, out var id))
            {
                problems.Add("bad-citizen");
            }
            else
            {
                if (!id.FitsSex(sought.Gender switch { "male" => 1, "female" => 2, _ => 3 }))
                {
                    problems.Add("citizen-sex");
                }

                if (PartialDate.TryParseFhir(sought.BirthDate, out var birth) && !id.FitsBirthYear(birth.Year))
                {
                    problems.Add("citizen-year");
                }
            }
        }

        if (sought.InsuranceCards is [var card] && !InsuranceCard.TryParse(card, out _))
        {
            problems.Add("bad-card");
        }

        if (sought.Phones is [var phone] && PhoneNumber.Normalise(phone) is null)
        {
            problems.Add("bad-phone");
        }

        return problems;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
