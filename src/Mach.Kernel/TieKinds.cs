namespace Mach.Kernel;

/// <summary>What ties a person to a facility, a ward or a practitioner besides a visit. The numbers are stored; add, never change.</summary>
[Flags]
public enum TieKinds
{
    None = 0,

    /// <summary>The facility is asked to do something for the person: ServiceRequest.performer, Task.owner. Counts from the day it was asked.</summary>
    Referral = 1,

    /// <summary>The facility answers for the person: Patient.managingOrganization, EpisodeOfCare.managingOrganization. Counts while it stands.</summary>
    Registration = 2,

    /// <summary>The person lies on a ward now: Encounter.location of an encounter that is under way.</summary>
    Ward = 4,

    /// <summary>The practitioner takes part in the care now: CareTeam, an encounter under way, an appointment, Patient.generalPractitioner, Task.owner.</summary>
    Team = 8,

    All = 15,
}
