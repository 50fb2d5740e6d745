using Mach.Contracts.People;
using Mach.Demo.Doubles;
using Mach.People.Matching;
using Mach.Registry.Communes;

namespace Mach.People.Tests.Matching;

/// <summary>Registrations of the generator as the matcher gets them.</summary>
internal static class Known
{
    /// <summary>The communes as of the lists that come with the program.</summary>
    public static readonly CommuneNames Communes = CommuneHistory.OfProgram(new DateOnly(2026, 11, 25));

    public static readonly FactsMaker Facts = new(Communes);

    public static Candidate Of(Registration r) => new(Facts.Make(new PersonSought
    {
        Name = r.Name,
        BirthDate = r.Birth,
        Gender = r.Sex,
        NationalId = r.CitizenNumber,
        OldCard = r.OldCard,
        Passport = r.Passport,
        BirthCertificate = r.BirthCertificate,
        InsuranceCards = r.InsuranceNumber is { } number ? [number] : [],
        Phones = r.Phone is { } phone ? [phone] : [],
        CommuneCode = r.CommuneCode,
        Address = r.Address,
        MotherName = r.Mother,
        BirthOrder = r.BirthOrder,
    }));
}
