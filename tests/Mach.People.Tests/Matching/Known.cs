using Mach.Contracts.People;
using Mach.Demo.Doubles;
using Mach.People.Matching;
using Mach.People.Places;

namespace Mach.People.Tests.Matching;

/// <summary>Registrations of the generator as the matcher gets them.</summary>
internal static class Known
{
    public static readonly FactsMaker Facts = new(new CommuneHistory());

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
