using Mach.Kernel;

namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>One rule of the checks; what it says and where it comes from stands in docs/rules/bhyt-checks.md.</summary>
internal sealed record CheckRule(string Id, FindingSeverity Severity);

/// <summary>Every rule that <see cref="DossierChecks"/> can find broken.</summary>
internal static class CheckRules
{
    public static readonly CheckRule FieldRequired = new("bhyt.field.required", FindingSeverity.Error);
    public static readonly CheckRule FieldLength = new("bhyt.field.length", FindingSeverity.Warning);
    public static readonly CheckRule FieldPlaceholder = new("bhyt.field.placeholder", FindingSeverity.Warning);
    public static readonly CheckRule FieldBlanks = new("bhyt.field.blanks", FindingSeverity.Information);
    public static readonly CheckRule FieldNumber = new("bhyt.field.number", FindingSeverity.Error);
    public static readonly CheckRule FieldDecimals = new("bhyt.field.decimals", FindingSeverity.Warning);
    public static readonly CheckRule FieldDate = new("bhyt.field.date", FindingSeverity.Error);
    public static readonly CheckRule DateFuture = new("bhyt.date.future", FindingSeverity.Warning);
    public static readonly CheckRule FieldCode = new("bhyt.field.code", FindingSeverity.Error);
    public static readonly CheckRule FieldIcd = new("bhyt.field.icd", FindingSeverity.Error);
    public static readonly CheckRule IcdCount = new("bhyt.icd.too-many", FindingSeverity.Warning);
    public static readonly CheckRule FieldFacility = new("bhyt.field.facility", FindingSeverity.Warning);
    public static readonly CheckRule FieldRange = new("bhyt.field.range", FindingSeverity.Error);
    public static readonly CheckRule PersonIdForm = new("bhyt.person.id-form", FindingSeverity.Warning);
    public static readonly CheckRule PersonIdSex = new("bhyt.person.id-sex", FindingSeverity.Warning);
    public static readonly CheckRule PersonIdBirth = new("bhyt.person.id-birth", FindingSeverity.Warning);
    public static readonly CheckRule PersonBirth = new("bhyt.person.birth", FindingSeverity.Error);
    public static readonly CheckRule PersonPhone = new("bhyt.person.phone", FindingSeverity.Information);
    public static readonly CheckRule CardForm = new("bhyt.card.form", FindingSeverity.Warning);
    public static readonly CheckRule CardPersons = new("bhyt.card.persons", FindingSeverity.Error);
    public static readonly CheckRule CardParallel = new("bhyt.card.parallel", FindingSeverity.Warning);
    public static readonly CheckRule CardValidity = new("bhyt.card.validity", FindingSeverity.Error);
    public static readonly CheckRule AmountLine = new("bhyt.amount.line", FindingSeverity.Warning);
    public static readonly CheckRule AmountSources = new("bhyt.amount.sources", FindingSeverity.Warning);
    public static readonly CheckRule AmountSplit = new("bhyt.amount.split", FindingSeverity.Warning);
    public static readonly CheckRule AmountBenefit = new("bhyt.amount.benefit", FindingSeverity.Warning);
    public static readonly CheckRule TotalDiffers = new("bhyt.total.differs", FindingSeverity.Warning);
    public static readonly CheckRule DaysCount = new("bhyt.days.count", FindingSeverity.Warning);
    public static readonly CheckRule TimeOrder = new("bhyt.time.order", FindingSeverity.Warning);
    public static readonly CheckRule TimeOutside = new("bhyt.time.outside", FindingSeverity.Warning);
    public static readonly CheckRule RowsStt = new("bhyt.rows.stt", FindingSeverity.Information);
    public static readonly CheckRule TableRequired = new("bhyt.table.required", FindingSeverity.Warning);
    public static readonly CheckRule ResultNoService = new("bhyt.result.no-service", FindingSeverity.Warning);
    public static readonly CheckRule ServiceNoResult = new("bhyt.service.no-result", FindingSeverity.Warning);
    public static readonly CheckRule ResultConclusion = new("bhyt.result.conclusion", FindingSeverity.Warning);
    public static readonly CheckRule ServiceMachine = new("bhyt.service.machine", FindingSeverity.Information);
    public static readonly CheckRule ServiceAnaesthesia = new("bhyt.service.anaesthesia", FindingSeverity.Information);
    public static readonly CheckRule ServiceBed = new("bhyt.service.bed", FindingSeverity.Warning);
    public static readonly CheckRule SexIcd = new("bhyt.sex.icd", FindingSeverity.Warning);
    public static readonly CheckRule SexPregnancy = new("bhyt.sex.pregnancy", FindingSeverity.Warning);
    public static readonly CheckRule AgeIcd = new("bhyt.age.icd", FindingSeverity.Information);
    public static readonly CheckRule CrossDiffers = new("bhyt.cross.differs", FindingSeverity.Warning);
    public static readonly CheckRule LeaveDays = new("bhyt.leave.days", FindingSeverity.Warning);
    public static readonly CheckRule LeaveDiagnosis = new("bhyt.leave.diagnosis", FindingSeverity.Warning);

    public static readonly IReadOnlyList<CheckRule> All =
    [
        FieldRequired, FieldLength, FieldPlaceholder, FieldBlanks, FieldNumber, FieldDecimals,
        FieldDate, DateFuture, FieldCode, FieldIcd, IcdCount, FieldFacility,
        FieldRange, PersonIdForm, PersonIdSex, PersonIdBirth, PersonBirth, PersonPhone,
        CardForm, CardPersons, CardParallel, CardValidity, AmountLine, AmountSources,
        AmountSplit, AmountBenefit, TotalDiffers, DaysCount, TimeOrder, TimeOutside,
        RowsStt, TableRequired, ResultNoService, ServiceNoResult, ResultConclusion, ServiceMachine,
        ServiceAnaesthesia, ServiceBed, SexIcd, SexPregnancy, AgeIcd, CrossDiffers,
        LeaveDays, LeaveDiagnosis,
    ];
}
