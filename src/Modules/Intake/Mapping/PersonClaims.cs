using Mach.Contracts.People;
using Mach.Intake.Mapping.Tree;
using Mach.Kernel;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping;

/// <summary>Reads who the person is out of XML1, or XML0 of a check-in.</summary>
internal static class PersonClaims
{
    public static PersonClaim Of(Dossier dossier, string? filedUnder)
    {
        var row = dossier.Summary;
        var asOf = Date(row, "NGAY_RA") ?? Date(row, "NGAY_VAO");
        var died = row.Get("KET_QUA_DTRI") is "5" or "8";
        return new PersonClaim
        {
            Facility = dossier.FacilityCode,
            MaLk = dossier.MaLk,
            FiledUnder = filedUnder,
            NationalId = row.Get("SO_CCCD") is { Length: 12 } id && !id.AsSpan().ContainsAnyExceptInRange('0', '9') ? id : null,
            InsuranceCards = Cards(row.Get("MA_THE_BHYT")),
            PatientNumber = row.Get("MA_BN"),
            Name = VietnameseText.Compose(row.Get("HO_TEN") ?? ""),
            BirthDate = PartialDate.TryParseBirthDigits(row.Get("NGAY_SINH"), out var born) ? born : null,
            Gender = GenderForm.Code(row.Get("GIOI_TINH")) ?? "unknown",
            Phone = row.Get("DIEN_THOAI"),
            Address = row.Get("DIA_CHI"),
            ProvinceCode = row.Get("MATINH_CU_TRU"),
            CommuneCode = row.Get("MAXA_CU_TRU"),
            EthnicityCode = row.Get("MA_DANTOC"),
            NationalityCode = row.Get("MA_QUOCTICH"),
            OccupationCode = row.Get("MA_NGHE_NGHIEP"),
            BloodGroup = row.Get("NHOM_MAU"),
            AsOf = asOf,
            Deceased = died,
            DeceasedAt = died ? Date(row, "NGAY_RA") : null,
            Source = new DossierUri(dossier.FacilityCode, dossier.MaLk).ToString(),
        };
    }

    /// <summary>Cards of 15 characters and social-insurance numbers of 10 digits; other texts name nobody.</summary>
    private static IReadOnlyList<string> Cards(string? text) => text is null
        ? []
        : [.. text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(c => c.ToUpperInvariant()).Where(IsCard).Distinct(StringComparer.Ordinal)];

    private static bool IsCard(string card) =>
        card.Length is 10 or 15 && !card.AsSpan(card.Length - 10).ContainsAnyExceptInRange('0', '9')
        && (card.Length == 10 || (char.IsAsciiLetter(card[0]) && char.IsAsciiLetter(card[1])));

    private static PartialDate? Date(DossierRow row, string field) =>
        row.Get(field) is { } digits && PartialDate.TryParseDigits(digits, out var date) ? date : null;
}
