namespace Mach.Access;

/// <summary>The roles of the first day; one account may hold several.</summary>
public static class Roles
{
    public const string Registrar = "registrar";
    public const string Doctor = "doctor";
    public const string Administrator = "administrator";
    public const string DataOfficer = "data-officer";

    /// <summary>Looks after the people on a ward during a shift.</summary>
    public const string Nurse = "nurse";

    /// <summary>Somebody who sees their own record, and that of whom they act for.</summary>
    public const string Person = "person";

    /// <summary>A hospital system that sends dossiers; it has no pages of its own.</summary>
    public const string Intake = "intake";

    /// <summary>Steers: sees the numbers of the own place, or of all, and no record of anybody.</summary>
    public const string Director = "director";

    public static readonly IReadOnlyList<string> All = [Registrar, Doctor, Administrator, DataOfficer, Intake, Nurse, Person, Director];

    /// <summary>The roles that may send dossiers, and so may ask for a portal token.</summary>
    internal static readonly string[] Senders = [DataOfficer, Administrator, Intake];
}
