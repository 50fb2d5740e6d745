namespace Mach.Intake;

/// <summary>Ids of the rules that refuse, or speak of the filing; the rules about content belong to Mach.Vietnam.</summary>
internal static class RuleNames
{
    /// <summary>The same id that reading gives a file beyond the size limit.</summary>
    public const string TooLarge = "bhyt.envelope.too-large";
    public const string NotOpened = "intake.file.not-opened";
    public const string BoundFacility = "intake.facility.bound";
    public const string FacilityCode = "intake.facility.code";
    public const string ProvisionalFacility = "intake.facility.provisional";
    public const string LateCheckIn = "intake.checkin.late";
    public const string Mapping = "intake.mapping";
}
